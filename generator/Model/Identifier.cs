using Microsoft.CodeAnalysis.CSharp;

namespace OptimGen.Generator.Model;

/// <summary>Names as C# writes them.</summary>
internal static class Identifier
{
    /// <summary>As a property begins, or a field of a struct.</summary>
    public static string Capitalize(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>As a parameter or a local begins.</summary>
    public static string Uncapitalize(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    /// <summary>The name as an identifier: behind an @ where C# would read a word of its own.</summary>
    public static string Escape(string name) => IsKeyword(name) ? "@" + name : name;

    /// <summary>Whether C# reads the name as a word of its own, everywhere or in some contexts.</summary>
    public static bool IsKeyword(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None;
}
