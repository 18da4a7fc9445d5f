using Microsoft.CodeAnalysis.CSharp;

namespace OptimGen.Generator.Parsing;

/// <summary>The words that a name in generated code must not be, or only behind an @.</summary>
internal static class Keywords
{
    /// <summary>Whether C# reads the name as a word of its own, everywhere or in some contexts.</summary>
    public static bool Include(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None;
}
