using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>States with one number for each row: what does not go with them.</summary>
internal static class RowStateParser
{
    private const string Granularity = "Granularity";

    /// <summary>The members of the runtime's <c>StateGranularity</c>: of elements, and of rows.</summary>
    private const int Granularities = 2, Row = 1;

    public static bool IsPerRow(AttributeReader reader) => reader.NamedMember(Granularity, Granularities) == Row;

    /// <summary>The options of [State] that are for states of elements.</summary>
    public static void RefuseOptions(IParameterSymbol parameter, AttributeData attribute, AttributeReader reader, RuleScope scope)
    {
        void Refuse(string option, string why) => scope.Sink.Report(Descriptors.RowState, reader.LocationOf(option), parameter.Name, $"{why}; remove {option}");
        if (KnownAttributes.ValueOf(attribute, "CopyOfParameter") is true)
        {
            Refuse("CopyOfParameter", "the parameter has one for each element");
        }

        foreach (string option in new[] { "Storage", "Rounding", "IsNonNegative" })
        {
            if (KnownAttributes.ValueOf(attribute, option) is not (null or false or 0))
            {
                Refuse(option, "is kept in the element type");
            }
        }
    }

    /// <summary>A reduction over a tensor goes over pieces of it that have no regard to rows.</summary>
    public static void RefuseInReduction(IParameterSymbol parameter, RuleScope scope) => scope.Sink.Report(
        Descriptors.RowState, Locations.Of(parameter), parameter.Name, "a reduction over a tensor reads numbers of elements; use the state in the [UpdateRule] method");

    /// <summary>A state of a method that computes scalars.</summary>
    public static void RefuseScalar(IParameterSymbol parameter, AttributeData attribute, bool perTensor, RuleScope scope)
    {
        var reader = new AttributeReader(attribute, scope.Sink, scope.Cancellation);
        if (IsPerRow(reader))
        {
            scope.Sink.Report(
                Descriptors.RowState, reader.LocationOf(Granularity), parameter.Name,
                $"'{parameter.ContainingSymbol.Name}' runs once for each {(perTensor ? "tensor" : "group")}; remove Granularity, or move the state to the [UpdateRule] method");
        }
    }

    /// <summary>What is not in the text of a method whose states are kept for rows.</summary>
    public static IEnumerable<string> Equations(IEnumerable<StateSpec> states) =>
        states.Where(state => state.PerRow).Select(state => $"{state.Name} ← the mean over the row of what is assigned to {state.Name}");
}
