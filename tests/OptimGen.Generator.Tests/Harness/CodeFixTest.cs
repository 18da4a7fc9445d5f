using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using OptimGen.CodeFixes;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>
/// A project with one file, in a workspace. The analyzer's findings are those of the project as the generator completes it; the fixes change the user's file
/// alone. Stands in for Microsoft.CodeAnalysis.CSharp.CodeFix.Testing, with its words for what is done.
/// </summary>
internal static class CodeFixTest
{
    /// <summary>Applies the fix of a title to the first finding that offers it, and requires the text after it, and that no finding of the generator is left.</summary>
    public static async Task VerifyCodeFixAsync<TFix>(string before, string title, string after)
        where TFix : CodeFixProvider, new()
    {
        Document document = CreateDocument(before);
        (CodeAction action, _) = (await Offers<TFix>(document)).FirstOrDefault(one => one.Action.Title == title);
        Assert.True(action is not null, $"'{title}' is not offered. Offered: {string.Join(", ", (await Offers<TFix>(document)).Select(one => one.Action.Title))}");
        await RequireAsync(after, await ApplyAsync(document, action));
    }

    /// <summary>As the other one, for all findings of the file that offer the same.</summary>
    public static async Task VerifyFixAllAsync<TFix>(string before, string title, string after)
        where TFix : CodeFixProvider, new() => await RequireAsync(after, await FixAllAsync<TFix>(CreateDocument(before), title));

    /// <summary>The text after the fix for all findings that offer the same.</summary>
    public static async Task<string> ApplyFixAllAsync<TFix>(string before, string title)
        where TFix : CodeFixProvider, new() => (await (await FixAllAsync<TFix>(CreateDocument(before), title)).GetTextAsync()).ToString();

    private static async Task<Document> FixAllAsync<TFix>(Document document, string title)
        where TFix : CodeFixProvider, new()
    {
        (CodeAction action, Diagnostic found) = (await Offers<TFix>(document)).First(one => one.Action.Title == title);
        var provider = new TFix();
        var context = new FixAllContext(
            document, provider, FixAllScope.Document, action.EquivalenceKey, provider.FixableDiagnosticIds, new Findings(await DiagnoseAsync(document)), CancellationToken.None);
        Assert.NotNull(found);
        CodeAction all = (await provider.GetFixAllProvider()!.GetFixAsync(context))!;
        return await ApplyAsync(document, all);
    }

    /// <summary>The text after the fix of a title, which may leave its finding where it is.</summary>
    public static async Task<string> ApplyCodeFixAsync<TFix>(string before, string title)
        where TFix : CodeFixProvider, new()
    {
        Document document = CreateDocument(before);
        (CodeAction action, _) = Assert.Single(await Offers<TFix>(document), one => one.Action.Title == title);
        return (await (await ApplyAsync(document, action)).GetTextAsync()).ToString();
    }

    /// <summary>The titles of what is offered for a file, in the order of the findings.</summary>
    public static async Task<string[]> TitlesAsync<TFix>(string source)
        where TFix : CodeFixProvider, new() => [.. (await Offers<TFix>(CreateDocument(source))).Select(one => one.Action.Title)];

    /// <summary>Makes every fix that any provider offers for the findings of a file, whatever it holds.</summary>
    public static async Task RequireNoThrowAsync(string source)
    {
        Document document = CreateDocument(source);
        ImmutableArray<Diagnostic> found = await DiagnoseAsync(document);
        foreach (CodeFixProvider provider in Providers)
        {
            foreach (Diagnostic diagnostic in found.Where(one => provider.FixableDiagnosticIds.Contains(one.Id)))
            {
                var offered = new List<CodeAction>();
                await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offered.Add(action), CancellationToken.None));
                foreach (CodeAction action in offered)
                {
                    await ApplyAsync(document, action);
                }
            }
        }
    }

    private static readonly CodeFixProvider[] Providers =
    [
        .. typeof(OptimizerFixProvider).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract)
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    private static async Task RequireAsync(string after, Document document)
    {
        Assert.Equal(after, (await document.GetTextAsync()).ToString());
        Assert.Empty((await DiagnoseAsync(document)).Select(GeneratorTest.Format));
    }

    private static async Task<Document> ApplyAsync(Document document, CodeAction action)
    {
        ApplyChangesOperation change = Assert.Single((await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>());
        return change.ChangedSolution.GetDocument(document.Id)!;
    }

    private static async Task<List<(CodeAction Action, Diagnostic Diagnostic)>> Offers<TFix>(Document document)
        where TFix : CodeFixProvider, new()
    {
        var provider = new TFix();
        List<(CodeAction, Diagnostic)> offers = [];
        foreach (Diagnostic diagnostic in (await DiagnoseAsync(document)).Where(one => provider.FixableDiagnosticIds.Contains(one.Id)))
        {
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offers.Add((action, diagnostic)), CancellationToken.None));
        }

        return offers;
    }

    /// <summary>What the analyzer finds, and the compiler's own errors, at places in the document.</summary>
    private static async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(Document document)
    {
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        new GeneratorTest().Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        SyntaxTree file = (await document.GetSyntaxTreeAsync())!;
        ImmutableArray<Diagnostic> found = await output.WithAnalyzers([new OptimizerAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        IEnumerable<Diagnostic> ours = found.Where(one => one.Id.StartsWith("OPTG", StringComparison.Ordinal) || one.Id == "AD0001");
        // Of a file without findings the compiler must not complain either.
        IEnumerable<Diagnostic> errors = ours.Any() ? [] : output.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error);
        Assert.All(ours, one => Assert.Same(file, one.Location.SourceTree));
        return [.. ours.Concat(errors).OrderBy(one => one.Location.SourceSpan.Start).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    internal static Document CreateDocument(string source)
    {
        var workspace = new AdhocWorkspace();
        ProjectInfo project = ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "UserProject", "UserProject", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable),
            parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
            metadataReferences: GeneratorTest.References);
        return workspace.AddDocument(workspace.AddProject(project).Id, "User0.cs", SourceText.From(source));
    }

    private sealed class Findings(ImmutableArray<Diagnostic> all) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(all);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => GetAllDiagnosticsAsync(document.Project, cancellationToken);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
