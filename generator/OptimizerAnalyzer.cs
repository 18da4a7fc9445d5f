using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Parsing;

namespace OptimGen.Generator;

/// <summary>Says what is wrong with a declared optimizer, at the place where it is wrong.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptimizerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(AnalyzeType, SymbolKind.NamedType);
    }

    private static void AnalyzeType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var sink = new DiagnosticSink(context.ReportDiagnostic);
        if (KnownAttributes.Has(type, KnownAttributes.Optimizer))
        {
            OptimizerParser.Parse(type, context.Compilation, sink, context.CancellationToken);
            return;
        }

        // An extension has no name; what is said of it is said of the class that it stands in.
        INamedTypeSymbol named = type is { TypeKind: TypeKind.Extension, ContainingType: { } container } ? container : type;
        if (KnownAttributes.Has(named, KnownAttributes.Optimizer))
        {
            return;
        }

        IEnumerable<AttributeData> rules = type.GetMembers().OfType<IMethodSymbol>()
            .Select(method => KnownAttributes.Find(method, KnownAttributes.UpdateRule)).OfType<AttributeData>();
        IEnumerable<AttributeData> stages = type.GetAttributes()
            .Where(attribute => KnownAttributes.ShortName(attribute) is { } name && KnownAttributes.Stages.Contains(name));
        foreach (AttributeData attribute in stages.Concat(rules))
        {
            sink.Report(
                Descriptors.RuleWithoutOptimizer, Locations.Of(attribute, context.CancellationToken), KnownAttributes.ShortName(attribute)!, named.Name);
        }
    }
}
