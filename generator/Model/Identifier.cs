namespace OptimGen.Generator.Model;

/// <summary>The two ways that C# begins a name: properties and fields of structs with a capital, parameters and locals without.</summary>
internal static class Identifier
{
    public static string Capitalize(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    public static string Uncapitalize(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
