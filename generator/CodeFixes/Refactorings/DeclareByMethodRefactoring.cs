using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Parsing;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>From a stack of attributes to the method that computes the same, to go on from where no stage says what is wanted.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(DeclareByMethodRefactoring)), Shared]
public sealed class DeclareByMethodRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await OptimizerDeclaration.FindAsync(context).ConfigureAwait(false) is not { Rule.IsMethod: false } declaration
            || declaration.Attributes(KnownAttributes.Stages, context.CancellationToken) is not { } stages
            || declaration.Attributes([KnownAttributes.Optimizer], context.CancellationToken) is not [var optimizer])
        {
            return;
        }

        context.RegisterRefactoring(CodeAction.Create(
            "Declare the rule by a method", cancellation => ApplyAsync(declaration, optimizer, stages, cancellation), nameof(DeclareByMethodRefactoring)));
    }

    private static async Task<Document> ApplyAsync(
        OptimizerDeclaration declaration, AttributeSyntax optimizer, IReadOnlyList<AttributeSyntax> stages, CancellationToken cancellation)
    {
        ClassDeclarationSyntax type = declaration.Syntax;
        SourceText source = await declaration.Document.GetTextAsync(cancellation).ConfigureAwait(false);
        string newLine = Declarations.EndOfLine(type).ToFullString();
        string indentation = string.Concat(Declarations.Indentation(type).Select(one => one.ToFullString()));
        string members = string.Concat(new MethodOfStages(declaration.Rule, declaration.Type, declaration.Model, type.SpanStart).Lines()
            .Select(line => (line.Length > 0 ? $"{indentation}    {line}" : "") + newLine));

        var changes = new List<TextChange>(AttributeChanges.Of(type, stages, one => one == optimizer ? WithContract(one) : null));
        if (type.OpenBraceToken.Span.Length > 0)
        {
            TextSpan between = TextSpan.FromBounds(type.OpenBraceToken.Span.End, type.CloseBraceToken.SpanStart);
            changes.Add(string.IsNullOrWhiteSpace(source.ToString(between))
                ? new TextChange(between, newLine + members + indentation)
                : new TextChange(new TextSpan(between.Start, 0), newLine + members));
        }
        else
        {
            TextSpan before = TextSpan.FromBounds(type.SemicolonToken.GetPreviousToken().Span.End, type.SemicolonToken.Span.End);
            changes.Add(new TextChange(before, $"{newLine}{indentation}{{{newLine}{members}{indentation}}}"));
        }

        return declaration.Document.WithText(source.WithChanges(changes));
    }

    /// <summary>[Optimizer] of a method: its learning rate and precision are the method's.</summary>
    private static string WithContract(AttributeSyntax optimizer)
    {
        IEnumerable<string> kept = optimizer.ArgumentList?.Arguments
            .Where(one => one.NameEquals?.Name.Identifier.ValueText is not ("LearningRate" or "ElementType" or "Contract"))
            .Select(one => one.ToString()) ?? [];
        return $"{optimizer.Name}({string.Join(", ", kept.Append("Contract = true"))})";
    }
}
