using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

/// <summary>How states are kept: [State] says it of one, [Optimizer] of those that do not say it themselves.</summary>
internal static class StorageParser
{
    /// <param name="attribute">The attribute.</param>
    /// <param name="reader">Its arguments.</param>
    /// <param name="storage">The name of the argument for the form.</param>
    /// <param name="rounding">The name of the argument for the rounding.</param>
    /// <returns><see langword="null"/> if the attribute gives neither.</returns>
    public static StorageSpec? Parse(AttributeData attribute, AttributeReader reader, string storage, string rounding) =>
        KnownAttributes.Argument(attribute, storage) is null && KnownAttributes.Argument(attribute, rounding) is null
            ? null
            : new StorageSpec(
                (StorageFormat)reader.NamedMember(storage, Enum.GetNames(typeof(StorageFormat)).Length),
                (StorageRounding)reader.NamedMember(rounding, Enum.GetNames(typeof(StorageRounding)).Length));

    /// <summary>The rule with how each of its states is kept.</summary>
    public static RuleSpec Apply(RuleSpec rule, OptimizerOptions options, INamedTypeSymbol type, DiagnosticSink sink)
    {
        // One of rows has been given its form already.
        StateSpec[] states = rule.States.Select(state => state with { Storage = state.Storage ?? options.StateStorage ?? StorageSpec.Native }).ToArray();
        if (rule.ElementType != ElementType.Float && states.FirstOrDefault(state => state.Storage!.Format != StorageFormat.Native) is { } encoded)
        {
            sink.Report(
                Descriptors.ValueOutOfRange, options.StateStorage is null ? Locations.Of(type) : options.Location, $"storage of the state '{encoded.Name}'",
                encoded.Storage!.Format.ToString(), $"{nameof(StorageFormat.Native)}, because the rule is in {rule.ElementType.Keyword()}");
        }

        return rule with { States = states.ToEquatableArray(), StorageKernels = options.StorageKernels || AreOfOneForm(states) };
    }

    /// <summary>Whether all states are declared to be kept in the same form of fewer bits, which is what a kernel over such states goes over.</summary>
    private static bool AreOfOneForm(StateSpec[] states) =>
        states.Select(state => state.Storage).Distinct().Count() == 1 && states[0].Storage!.Format != StorageFormat.Native;
}
