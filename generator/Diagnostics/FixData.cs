using System.Collections.Immutable;

namespace OptimGen.Generator.Diagnostics;

/// <summary>
/// What a diagnostic tells the code fixes beside its place and message, in <c>Diagnostic.Properties</c>. The code fixes are an assembly that refers to this one:
/// one that knows of workspaces cannot be loaded by the command-line compiler.
/// </summary>
internal static class FixData
{
    /// <summary>The keyword of the rule's element type.</summary>
    public const string Element = nameof(Element);

    /// <summary>The name that a parameter was probably meant to have.</summary>
    public const string NearestName = nameof(NearestName);

    /// <summary>The name of the hyperparameter that a parameter could be: a property that can be declared.</summary>
    public const string Hyperparameter = nameof(Hyperparameter);

    /// <summary>The name of a property that lacks [Hyperparameter].</summary>
    public const string UnmarkedProperty = nameof(UnmarkedProperty);

    /// <summary>Set if a parameter could be a state, by ref and [State] where it lacks them.</summary>
    public const string State = nameof(State);

    /// <summary>The nearest number that is allowed.</summary>
    public const string Value = nameof(Value);

    /// <summary>The attributes of which one can go, with commas between them; the first is the one at the place.</summary>
    public const string Stages = nameof(Stages);

    /// <summary>The named arguments of the attribute of which one can go, with commas between them.</summary>
    public const string Arguments = nameof(Arguments);

    /// <summary>The properties of a diagnostic; those without a value are left out.</summary>
    public static ImmutableDictionary<string, string?> Of(params (string Key, string? Value)[] properties) =>
        properties.Where(one => one is { Key: not null, Value: not null }).ToImmutableDictionary(one => one.Key, one => one.Value);
}
