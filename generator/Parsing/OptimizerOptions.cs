using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

/// <summary>What [Optimizer] itself is given, whichever way the rule is declared.</summary>
/// <param name="ElementType">The precision that is asked for, by the attribute or by the base class; <see langword="null"/> if by neither.</param>
/// <param name="Contract">Whether multiply-adds of a method are fused.</param>
/// <param name="Unroll">The number of vectors an iteration; 0 where the generator is to choose.</param>
/// <param name="StateStorage">How states are kept that do not say it themselves; <see langword="null"/> where it is not asked for.</param>
/// <param name="StorageKernels">Whether kernels are asked for that decode and encode states in registers.</param>
/// <param name="RowKernels">Whether kernels over a list of rows are asked for.</param>
/// <param name="Location">The attribute.</param>
internal sealed record OptimizerOptions(
    ElementType? ElementType, bool Contract, int Unroll, StorageSpec? StateStorage, bool StorageKernels, bool RowKernels, Location? Location)
{
    private static readonly NumberRange UnrollRange = new(0, 8);

    public static OptimizerOptions Parse(INamedTypeSymbol type, DiagnosticSink sink, CancellationToken cancellation)
    {
        AttributeData attribute = KnownAttributes.Find(type, KnownAttributes.Optimizer)!;
        var reader = new AttributeReader(attribute, sink, cancellation);
        return new OptimizerOptions(
            AskedFor(attribute, reader, sink) ?? OfBase(type.BaseType), reader.Flag("Contract"), (int)reader.NamedNumber("Unroll", UnrollRange, 0),
            StorageParser.Parse(attribute, reader, "StateStorage", "StateRounding"), reader.Flag("StorageKernels"), reader.Flag("RowKernels"), reader.Location);
    }

    private static ElementType? AskedFor(AttributeData attribute, AttributeReader reader, DiagnosticSink sink)
    {
        if (KnownAttributes.ValueOf(attribute, "ElementType") is not ITypeSymbol { TypeKind: not TypeKind.Error } asked)
        {
            return null;
        }

        ElementType? element = OfType(asked);
        if (element is null)
        {
            sink.Report(Descriptors.ValueOutOfRange, reader.LocationOf("ElementType"), "ElementType of [Optimizer]", asked.ToDisplayString(), "float or double");
        }

        return element;
    }

    private static ElementType? OfBase(INamedTypeSymbol? @base) => @base is { Name: "Optimizer", TypeArguments: [var element] } ? OfType(element) : null;

    private static ElementType? OfType(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Single => Model.ElementType.Float,
        SpecialType.System_Double => Model.ElementType.Double,
        _ => null,
    };
}
