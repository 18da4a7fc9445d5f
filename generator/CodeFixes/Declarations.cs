using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace OptimGen.CodeFixes;

/// <summary>Changes of declarations that more than one fix makes.</summary>
internal static class Declarations
{
    /// <summary>Makes a type partial, and the types around it, as C# demands. What is partial already stays as it is.</summary>
    public static void MakePartial(SyntaxEditor editor, TypeDeclarationSyntax type)
    {
        foreach (TypeDeclarationSyntax declaration in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
        {
            editor.ReplaceNode(declaration, (current, _) => Partial((TypeDeclarationSyntax)current));
        }
    }

    /// <summary>A list of one attribute. It is parsed, because a list that is put together has elastic trivia, by which the formatter changes lines around it.</summary>
    public static AttributeListSyntax AttributeList(string attribute) => SyntaxFactory.ParseMemberDeclaration($"[{attribute}]class C;")!.AttributeLists[0];

    /// <summary>The name by which an attribute or type of the runtime can be written at a place: with its namespace where that is not imported.</summary>
    public static string NameOf(string shortName, SemanticModel model, int position)
    {
        bool Found(string name) => Finds(name, "OptimGen", model, position);
        return Found(shortName) || Found(shortName + "Attribute") ? shortName : "OptimGen." + shortName;
    }

    /// <summary>Whether a name means, at a place, a type of a namespace.</summary>
    public static bool Finds(string name, string @namespace, SemanticModel model, int position) => model.LookupNamespacesAndTypes(position, name: name)
        .Any(symbol => symbol.ContainingNamespace is { ContainingNamespace.IsGlobalNamespace: true } of && of.Name == @namespace);

    /// <summary>The end of a line as the file has it.</summary>
    public static SyntaxTrivia EndOfLine(SyntaxNode node) =>
        SyntaxFactory.EndOfLine(node.SyntaxTree.GetText().Lines[0] is { EndIncludingLineBreak: var next, End: var end } && next - end == 2 ? "\r\n" : "\n");

    /// <summary>The white space in front of a member on its line.</summary>
    public static SyntaxTriviaList Indentation(SyntaxNode member) =>
        SyntaxFactory.TriviaList(member.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse());

    private static TypeDeclarationSyntax Partial(TypeDeclarationSyntax type)
    {
        if (type.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return type;
        }

        // The last modifier, as C# demands; it takes over what stands in front of the keyword if it is also the first.
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count == 0)
        {
            partial = partial.WithLeadingTrivia(type.Keyword.LeadingTrivia);
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia());
        }

        return type.WithModifiers(type.Modifiers.Add(partial));
    }
}
