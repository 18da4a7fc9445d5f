using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.CodeFixes;

/// <summary>OPTG005: a number becomes the nearest one that is allowed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveIntoBoundsFix)), Shared]
public sealed class MoveIntoBoundsFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG005"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        ExpressionSyntax? old = context.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { Initializer.Value: { } initial } ? initial
            : context.Node.FirstAncestorOrSelf<AttributeArgumentSyntax>() is { } argument ? argument.Expression
            : context.Node is AttributeSyntax { ArgumentList.Arguments: [{ NameEquals: null } only, ..] } ? only.Expression
            : null;
        if (context[FixData.Value] is { } value && old is not null)
        {
            // As the old one is written: a float stays one, and a whole number too.
            bool isFloat = context.Model.GetTypeInfo(old, context.Cancellation).Type?.SpecialType == SpecialType.System_Single
                || (context.Model.GetTypeInfo(old, context.Cancellation).ConvertedType?.SpecialType == SpecialType.System_Single && value.Any(one => one is '.' or 'e'));
            string text = value + (isFloat ? "f" : "");
            yield return new Fix(
                $"Write {text}", "bounds", editor => editor.ReplaceNode(old, (current, _) => SyntaxFactory.ParseExpression(text).WithTriviaFrom(current)));
        }
    }
}
