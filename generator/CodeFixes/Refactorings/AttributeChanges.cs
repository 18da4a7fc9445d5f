using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>Changes of the attributes of a class; what is beside them stays as it is written.</summary>
internal static class AttributeChanges
{
    /// <param name="type">The class.</param>
    /// <param name="removed">The attributes that go; a list without any left goes with them.</param>
    /// <param name="replace">The text of an attribute that becomes another one, or several; <see langword="null"/> for one that stays.</param>
    public static IEnumerable<TextChange> Of(ClassDeclarationSyntax type, IReadOnlyCollection<AttributeSyntax> removed, Func<AttributeSyntax, string?> replace)
    {
        foreach (AttributeListSyntax list in type.AttributeLists)
        {
            string[] rest = [.. list.Attributes.Where(one => !removed.Contains(one)).Select(one => replace(one) ?? one.ToString())];
            if (rest.Length == 0)
            {
                SyntaxToken before = list.GetFirstToken().GetPreviousToken();
                bool isBehindAnother = before.Parent is AttributeListSyntax && !before.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
                yield return new TextChange(
                    isBehindAnother ? TextSpan.FromBounds(before.Span.End, list.Span.End) : TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart), "");
            }
            else if (rest.Length < list.Attributes.Count || list.Attributes.Any(one => replace(one) is not null))
            {
                yield return new TextChange(TextSpan.FromBounds(list.Attributes[0].SpanStart, list.Attributes.Last().Span.End), string.Join(", ", rest));
            }
        }
    }
}
