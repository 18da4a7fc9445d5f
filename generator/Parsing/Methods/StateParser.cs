using System.Globalization;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The parameters of the rule that are marked [State].</summary>
internal static class StateParser
{
    public static StateSpec? Parse(IParameterSymbol parameter, AttributeData attribute, RuleScope scope)
    {
        if (parameter.RefKind != RefKind.Ref || parameter.Type.SpecialType != scope.ElementSpecialType)
        {
            scope.Unbound(parameter, $"is marked [State]; it must be ref {scope.ElementKeyword}",
                (FixData.State, parameter.Type.SpecialType == scope.ElementSpecialType ? "ref" : null));
            return null;
        }

        if (parameter.Name is Names.Parameter or Names.Gradient)
        {
            scope.Unbound(parameter, "is the element's own; give the state another name");
            return null;
        }

        if (scope.States.ContainsKey(parameter.Name))
        {
            scope.Unbound(parameter, "has the name of a state that a stage of the rule keeps; rename it, or read that one with [Previous]");
            return null;
        }

        double initial = InitialValue(attribute);
        if (scope.Element == ElementType.Float && !double.IsInfinity(initial) && float.IsInfinity((float)initial))
        {
            // An infinity that is asked for is one; a finite number must not become one.
            scope.Sink.Report(
                Descriptors.ValueOutOfRange, new AttributeReader(attribute, scope.Sink, scope.Cancellation).LocationOf("InitialValue"), "InitialValue of [State]",
                string.Format(CultureInfo.InvariantCulture, "{0:R}, {1:R} as a float", initial, (float)initial), "a number that a float can hold");
        }

        bool copies = KnownAttributes.ValueOf(attribute, "CopyOfParameter") is true;
        var reader = new AttributeReader(attribute, scope.Sink, scope.Cancellation);
        StorageSpec? storage = StorageParser.Parse(attribute, reader, "Storage", "Rounding");
        bool perRow = RowStateParser.IsPerRow(reader), isNonNegative = KnownAttributes.ValueOf(attribute, "IsNonNegative") is true;
        if (perRow)
        {
            RowStateParser.RefuseOptions(parameter, attribute, reader, scope);
            scope.RowStates.Add(parameter.Name);
            (copies, storage, isNonNegative) = (false, StorageSpec.Native, false);
        }

        return new StateSpec(scope.Variables.New(), parameter.Name, initial, copies) { Storage = storage, IsNonNegative = isNonNegative, PerRow = perRow };
    }

    public static double InitialValue(AttributeData attribute) =>
        KnownAttributes.ValueOf(attribute, "InitialValue") is { } value && AttributeReader.NumberOf(value) is { } number ? number : 0;
}
