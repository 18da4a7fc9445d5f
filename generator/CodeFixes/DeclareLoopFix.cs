using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using OptimGen.Generator.Loops;
using OptimGen.Generator.Model;

namespace OptimGen.CodeFixes;

/// <summary>
/// OPTG039: the rule of a loop is declared as an optimizer, behind the type that the loop stands in; and the optimizer is stepped in place of the loop, where
/// its arrays allow it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DeclareLoopFix)), Shared]
public sealed class DeclareLoopFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG039"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<ForStatementSyntax>() is not { } syntax || UpdateLoopReader.Read(syntax, context.Model, context.Cancellation) is not { } loop)
        {
            yield break;
        }

        var declared = new DeclareLoop(loop, context.Model, ClassName(loop, context));
        if (LoopCall.Of(loop, declared, context) is { } call)
        {
            yield return new Fix($"Declare the rule '{declared.ClassName}' and step it here", "replace", editor =>
            {
                call(editor);
                Declare(editor, declared, syntax);
            });
        }

        yield return new Fix($"Declare the rule '{declared.ClassName}'", "declare", editor => Declare(editor, declared, syntax));
    }

    private static void Declare(SyntaxEditor editor, DeclareLoop declared, ForStatementSyntax loop)
    {
        SyntaxTrivia newLine = Declarations.EndOfLine(loop);
        MemberDeclarationSyntax behind = loop.Ancestors().OfType<BaseTypeDeclarationSyntax>().LastOrDefault() ?? LastOf((CompilationUnitSyntax)loop.SyntaxTree.GetRoot());
        string indentation = string.Concat(Declarations.Indentation(behind).Select(one => one.ToFullString()));
        string text = declared.Write(indentation, newLine.ToFullString());
        if (!behind.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia))
        {
            // The last line of a file often has no end.
            text = newLine.ToFullString() + text;
        }

        editor.InsertAfter(behind, SyntaxFactory.ParseMemberDeclaration(newLine.ToFullString() + text)!);
    }

    /// <summary>Types come behind the statements of a program.</summary>
    private static MemberDeclarationSyntax LastOf(CompilationUnitSyntax file) => file.Members[file.Members.Count - 1];

    /// <summary>By the parameter: WeightsRule. A number tells it from types that are there, and from the classes of loops before.</summary>
    private static string ClassName(UpdateLoop loop, FixContext context)
    {
        string wanted = NameOf(loop);
        int before = context.Root.DescendantNodes().OfType<ForStatementSyntax>()
            .Where(one => one.SpanStart < loop.Syntax.SpanStart)
            .Count(one => UpdateLoopReader.Read(one, context.Model, context.Cancellation) is { } other && NameOf(other) == wanted);
        string free = wanted;
        for (int number = 1; ; number++)
        {
            free = number == 1 ? wanted : wanted + number;
            if (context.Model.LookupNamespacesAndTypes(loop.Syntax.SpanStart, name: free).IsEmpty && before-- == 0)
            {
                return free;
            }
        }
    }

    private static string NameOf(UpdateLoop loop) => Identifier.Capitalize(loop.Parameter.Name.TrimStart('_') is { Length: > 0 } name && char.IsLetter(name[0]) ? name : "parameter") + "Rule";
}
