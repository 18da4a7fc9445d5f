using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.CodeFixes;

/// <summary>
/// OPTG020, OPTG021 and OPTG038: a function or constant of the other precision becomes that of the rule's own (Math.Sqrt → MathF.Sqrt), one whose bits
/// differ between platforms that of RuleMath, and a literal gets or loses its f.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PrecisionFix)), Shared]
public sealed class PrecisionFix : OptimizerFixProvider
{
    /// <summary>As in the rule language: what MathF and Math have, and rules must take from RuleMath.</summary>
    private static readonly string[] InRuleMath = ["Exp", "Log", "Pow", "Tanh", "Sin", "Cos", "Cbrt"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG020", "OPTG021", "OPTG038"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        SyntaxNode node = context.Node;
        if (node is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.NumericLiteralExpression) && LiteralFix(literal, context) is { } ofLiteral)
        {
            yield return ofLiteral;
        }

        MemberAccessExpressionSyntax? member = node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax called } ? called : node as MemberAccessExpressionSyntax;
        if (member is not null && context.Model.GetSymbolInfo(member, context.Cancellation).Symbol is { IsStatic: true, ContainingType: { } type } symbol && MemberFix(member, symbol, type, context) is { } ofMember)
        {
            yield return ofMember;
        }
    }

    private static Fix? LiteralFix(LiteralExpressionSyntax literal, FixContext context)
    {
        string old = literal.Token.Text;
        string? text = (context.Diagnostic.Id, context[FixData.Element], literal.Token.Value) switch
        {
            ("OPTG021", "float", double) => old.TrimEnd('d', 'D') + "f",
            ("OPTG038", _, float) when old.TrimEnd('f', 'F') is var bare => bare.Any(one => one is '.' or 'e' or 'E') ? bare : bare + ".0",
            _ => null,
        };
        return text is null ? null : new Fix($"Write {text}", "literal", editor => editor.ReplaceNode(literal, (current, _) =>
            ((LiteralExpressionSyntax)current).WithToken(SyntaxFactory.ParseToken(text).WithTriviaFrom(literal.Token))));
    }

    private static Fix? MemberFix(MemberAccessExpressionSyntax member, ISymbol symbol, INamedTypeSymbol type, FixContext context)
    {
        string from = type.ToDisplayString();
        string name = symbol.Name;
        bool isMath = from is "System.Math" or "System.MathF" or "float" or "double";
        if (isMath && symbol is IMethodSymbol && InRuleMath.Contains(name))
        {
            string ruleMath = Declarations.NameOf("RuleMath", context.Model, member.SpanStart);
            return Replace($"Write RuleMath.{name}", "RuleMath", member, SyntaxFactory.ParseExpression(ruleMath));
        }

        string? to = (context.Diagnostic.Id, context[FixData.Element], from) switch
        {
            ("OPTG021", "float", "System.Math") => "MathF",
            ("OPTG021", "float", "double") => "float",
            ("OPTG021", "double", "System.MathF") => "Math",
            ("OPTG021", "double", "float") => "double",
            _ => null,
        };
        string metadata = to switch { "float" => "System.Single", "double" => "System.Double", _ => "System." + to };
        if (to is null || context.Model.Compilation.GetTypeByMetadataName(metadata)?.GetMembers(name).IsEmpty != false)
        {
            return null;
        }

        // As the old one is written: Math or System.Math, or behind an alias as it is.
        ExpressionSyntax? target = member.Expression switch
        {
            PredefinedTypeSyntax => SyntaxFactory.ParseExpression(to),
            IdentifierNameSyntax { Identifier.ValueText: "Math" or "MathF" } => SyntaxFactory.IdentifierName(to),
            MemberAccessExpressionSyntax qualified => qualified.WithName(SyntaxFactory.IdentifierName(to)),
            _ => null,
        };
        return target is null ? null : Replace($"Write {to}.{name}", "precision", member, target);
    }

    private static Fix Replace(string title, string kind, MemberAccessExpressionSyntax member, ExpressionSyntax target) => new(title, kind, editor =>
    {
        // A cast of the old result to the rule's own type has nothing left to do.
        SyntaxNode whole = member.Parent is InvocationExpressionSyntax invocation ? invocation : member;
        editor.ReplaceNode(member.Expression, (current, _) => target.WithTriviaFrom(current));
        if (whole.Parent is CastExpressionSyntax { Type: PredefinedTypeSyntax } cast)
        {
            editor.ReplaceNode(cast, (current, _) => ((CastExpressionSyntax)current).Expression.WithTriviaFrom(current));
        }
    });
}
