using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>File names of generated sources, which the compiler wants to differ by more than case.</summary>
internal static class HintNames
{
    /// <summary>The names, in lower case, that more than one optimizer has but for case.</summary>
    public static EquatableArray<string> EqualButForCase(IEnumerable<string> names) => names
        .Select(name => name.ToLowerInvariant())
        .GroupBy(name => name, StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => group.Key)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary>The name itself, or where it is ambiguous the name with its capitals spelled out.</summary>
    public static string Unique(string name, EquatableArray<string> ambiguous) =>
        ambiguous.Contains(name.ToLowerInvariant())
            ? name + "-" + string.Concat(name.Select(character => char.IsUpper(character) ? 'u' : 'l'))
            : name;
}
