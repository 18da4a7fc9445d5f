using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>Makes a rule that fails smaller, as long as it fails.</summary>
internal static class RuleReducer
{
    /// <summary>A rule and its checks take a tenth of a second or so.</summary>
    private const int MostAttempts = 300;

    /// <param name="rule">A rule that fails.</param>
    /// <param name="fails">Whether a rule fails; one that does not compile does not.</param>
    /// <returns>A rule that fails, of which no statement or operand can be left out, unless that would have taken too long to find out.</returns>
    public static RandomRule Reduce(RandomRule rule, Func<RandomRule, bool> fails)
    {
        int attempts = 0;
        bool isSmaller = true;
        while (isSmaller && attempts < MostAttempts)
        {
            isSmaller = false;
            foreach (string source in Smaller(rule.Source))
            {
                RandomRule smaller = rule with { Source = source };
                if (++attempts > MostAttempts)
                {
                    break;
                }

                if (fails(smaller))
                {
                    (rule, isSmaller) = (smaller, true);
                    break;
                }
            }
        }

        return rule;
    }

    /// <summary>The file without a statement, a member or an attribute, or with an expression in place of one around it; largest parts first.</summary>
    private static IEnumerable<string> Smaller(string source)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source).GetRoot();
        return root.DescendantNodes()
            .OrderByDescending(node => node.Span.Length)
            .SelectMany(node => Replacements(node).Select(replacement => replacement is null
                ? root.RemoveNode(node, SyntaxRemoveOptions.KeepNoTrivia)
                : root.ReplaceNode(node, replacement)))
            .OfType<SyntaxNode>()
            .Select(smaller => smaller.ToFullString());
    }

    /// <returns>What may stand in place of a node; <see langword="null"/> for nothing.</returns>
    private static SyntaxNode?[] Replacements(SyntaxNode node) => node switch
    {
        IfStatementSyntax { Else: { } otherwise } conditional => [null, conditional.Statement, otherwise.Statement, conditional.WithElse(null)],
        IfStatementSyntax conditional => [null, conditional.Statement],
        StatementSyntax { Parent: BlockSyntax } => [null],
        MethodDeclarationSyntax or PropertyDeclarationSyntax or FieldDeclarationSyntax => [null],
        ParameterSyntax => [null],
        AttributeSyntax => [null],
        BinaryExpressionSyntax binary => [binary.Left, binary.Right],
        ConditionalExpressionSyntax conditional => [conditional.WhenTrue, conditional.WhenFalse],
        ParenthesizedExpressionSyntax parenthesized => [parenthesized.Expression],
        PrefixUnaryExpressionSyntax unary => [unary.Operand],
        InvocationExpressionSyntax invocation => [.. invocation.ArgumentList.Arguments.Select(argument => argument.Expression)],
        _ => [],
    };
}
