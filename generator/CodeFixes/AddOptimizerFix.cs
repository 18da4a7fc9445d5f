using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace OptimGen.CodeFixes;

/// <summary>OPTG004: a class with parts of a rule is marked [Optimizer], and made partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddOptimizerFix)), Shared]
public sealed class AddOptimizerFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG004"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is ClassDeclarationSyntax type && CanBeOptimizer(type, context))
        {
            string name = Declarations.NameOf("Optimizer", context.Model, type.SpanStart);
            yield return new Fix(
                $"Mark '{type.Identifier.ValueText}' [Optimizer]", "optimizer",
                editor =>
                {
                    Declarations.MakePartial(editor, type);
                    editor.ReplaceNode(type, (current, _) => Mark((ClassDeclarationSyntax)current, name, Declarations.EndOfLine(type)));
                },
                type);
        }
    }

    /// <summary>Whether the class would not be refused for what it is.</summary>
    private static bool CanBeOptimizer(ClassDeclarationSyntax type, FixContext context) =>
        context.Model.GetDeclaredSymbol(type, context.Cancellation) is { IsStatic: false, IsAbstract: false, IsFileLocal: false, BaseType.SpecialType: SpecialType.System_Object } symbol
        && type.ParameterList is null && !IsGeneric(symbol);

    private static bool IsGeneric(INamedTypeSymbol? symbol) => symbol is not null && (symbol.IsGenericType || IsGeneric(symbol.ContainingType));

    private static ClassDeclarationSyntax Mark(ClassDeclarationSyntax type, string name, SyntaxTrivia newLine)
    {
        AttributeListSyntax optimizer = Declarations.AttributeList(name);
        if (type.AttributeLists.FirstOrDefault(list => list.Target is null) is { } first)
        {
            SeparatedSyntaxList<AttributeSyntax> attributes = SyntaxFactory.SeparatedList(
                [optimizer.Attributes[0], .. first.Attributes],
                [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), .. first.Attributes.GetSeparators()]);
            return type.WithAttributeLists(type.AttributeLists.Replace(first, first.WithAttributes(attributes)));
        }

        AttributeListSyntax list = optimizer.WithLeadingTrivia(type.GetLeadingTrivia()).WithTrailingTrivia(newLine);
        ClassDeclarationSyntax bare = type.WithLeadingTrivia(Declarations.Indentation(type));
        return bare.WithAttributeLists(bare.AttributeLists.Insert(0, list));
    }
}
