using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Text;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>A refactoring in a project of one file, at a place that a test names.</summary>
internal static class RefactoringTest
{
    /// <summary>The text after the only refactoring that is offered where <paramref name="at"/> first stands; <see langword="null"/> if none is.</summary>
    public static async Task<string?> ApplyAsync<TRefactoring>(string source, string at = "class ")
        where TRefactoring : CodeRefactoringProvider, new()
    {
        Document document = CodeFixTest.CreateDocument(source);
        List<CodeAction> actions = [];
        int position = source.IndexOf(at, StringComparison.Ordinal);
        Assert.NotEqual(-1, position);
        await new TRefactoring().ComputeRefactoringsAsync(new CodeRefactoringContext(document, new TextSpan(position, 0), actions.Add, CancellationToken.None));
        if (actions.Count == 0)
        {
            return null;
        }

        ApplyChangesOperation change = Assert.Single((await Assert.Single(actions).GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>());
        return (await change.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
