using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>The README and the other pages: their code compiles and runs, their links lead somewhere, and their tables say what the code says.</summary>
public partial class PageTests
{
    private const string DiagnosticsStart = "<!-- diagnostics -->", DiagnosticsEnd = "<!-- /diagnostics -->";

    /// <summary>What a console project of the SDK has without asking for it.</summary>
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", ".."));

    /// <summary>Every page of the repository.</summary>
    public static TheoryData<string> Pages =>
    [
        .. new[] { "*.md" }
            .SelectMany(pattern => new[] { "generator", "runtime", "samples", "tests" }
                .SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
                .Concat(Directory.GetFiles(Root, pattern)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => folder is "bin" or "obj") && !path.Contains(".received.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Readme_CanBeReadToTheEnd() => Assert.InRange(File.ReadAllLines(Path.Combine(Root, "README.md")).Length, 1, 120);

    /// <summary>The pages that are known to have code, so that a change of the fences does not leave the next test without any.</summary>
    [Theory]
    [InlineData("README.md", 4)]
    [InlineData("generator/docs/rule-language.md", 6)]
    [InlineData("runtime/docs/training.md", 4)]
    [InlineData("runtime/docs/checkpoints.md", 3)]
    [InlineData("runtime/docs/critical-points.md", 4)]
    [InlineData("runtime/docs/storage.md", 2)]
    [InlineData("runtime/docs/rows.md", 2)]
    [InlineData("runtime/docs/ranks.md", 1)]
    public void Page_HasCode(string page, int atLeast) => Assert.InRange(Blocks(page).Count, atLeast, int.MaxValue);

    /// <summary>The C# blocks of a page, in their order, are one program.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_CompilesAndRuns(string page)
    {
        // The pages of the diagnostics show what is wrong; DiagnosticPageTests reads them.
        if (page.StartsWith("generator/docs/diagnostics/", StringComparison.Ordinal) || Blocks(page) is not { Count: > 0 } blocks)
        {
            return;
        }

        CSharpCompilation project = CSharpCompilation.Create(
            "Page",
            [Parse(ImplicitUsings, "Usings.cs"), Parse(ProgramOf(blocks, page), "UserPage.cs")],
            GeneratorTest.References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var test = new GeneratorTest();
        GeneratorDriver driver = test.Driver().RunGeneratorsAndUpdateCompilation(project, out Compilation output, out _);
        string[] errors =
        [
            .. GeneratorTest.Diagnose(output)
                .Where(one => one.Severity >= DiagnosticSeverity.Warning && one.Id is not "CS1591")
                .Select(one => $"line {one.Location.GetMappedLineSpan().StartLinePosition.Line + 1}: {GeneratorTest.Format(one)}"),
        ];
        Assert.True(errors.Length == 0, $"The code of {page} does not compile:\n{string.Join('\n', errors)}");

        using var loaded = new LoadedProject(new GeneratorRun(driver, project, output));
        loaded.RunMain();
    }

    /// <summary>In the package too: it holds the pages at the same paths.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadToAFile(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        Assert.All(Links(File.ReadAllText(Path.Combine(Root, page))), link => Assert.True(
            link.Contains("://", StringComparison.Ordinal) || File.Exists(Path.Combine(folder, link.Split('#')[0])), $"{page} links to {link}, which is no file."));
    }

    [Fact]
    public void DiagnosticsPage_HasTheTableOfTheDescriptors()
    {
        IEnumerable<string> rows = Descriptors.All.Select(one =>
            $"| [{one.Id}](diagnostics/{one.Id}.md) | {Severity(one)} | {one.Title} | {Argument().Replace(one.MessageFormat.ToString(null), "…").Replace("|", "\\|", StringComparison.Ordinal)} |");
        string want = string.Join('\n', [DiagnosticsStart, "| | severity | title | message |", "|---|---|---|---|", .. rows, DiagnosticsEnd]);
        string text = File.ReadAllText(Path.Combine(Root, "generator/docs/diagnostics.md")).ReplaceLineEndings("\n");
        Assert.True(text.Contains(want, StringComparison.Ordinal), $"generator/docs/diagnostics.md does not have the table that the code gives. Put this there:\n\n{want}\n");
    }

    [Fact]
    public void RuleLanguagePage_NamesEveryAttribute()
    {
        string text = File.ReadAllText(Path.Combine(Root, "generator/docs/rule-language.md"));
        IEnumerable<string> names = typeof(OptimizerAttribute).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.IsSubclassOf(typeof(Attribute)))
            .Select(type => type.Name[..^nameof(Attribute).Length]);
        Assert.All(names, name => Assert.Matches($"`{name}[`(]", text));
    }

    private static string Severity(DiagnosticDescriptor descriptor) => descriptor.DefaultSeverity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        _ => "suggestion",
    };

    /// <summary>The program that blocks make: usings, then statements, then types, each still at its line of the page.</summary>
    private static string ProgramOf(IReadOnlyList<(int Line, string Code)> blocks, string page)
    {
        StringBuilder usings = new(), statements = new(), types = new();
        foreach ((int line, string code) in blocks)
        {
            SyntaxTree tree = Parse(code, page);
            CompilationUnitSyntax unit = tree.GetCompilationUnitRoot();
            foreach (SyntaxNode node in unit.Usings.Concat<SyntaxNode>(unit.Members))
            {
                StringBuilder part = node is UsingDirectiveSyntax ? usings : node is GlobalStatementSyntax ? statements : types;
                part.Append(FormattableString.Invariant($"#line {line + tree.GetLineSpan(node.FullSpan).StartLinePosition.Line} \"{page}\"\n{node.ToFullString()}\n"));
            }
        }

        return $"{usings}{statements}{types}";
    }

    /// <summary>The C# blocks of a page, each with the number of its first line.</summary>
    private static List<(int Line, string Code)> Blocks(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");
        return [.. CSharpBlock().Matches(text).Select(match => (text.AsSpan(0, match.Groups[1].Index).Count('\n') + 1, match.Groups[1].Value))];
    }

    private static IEnumerable<string> Links(string text) => Link().Matches(Fenced().Replace(text, "")).Select(match => match.Groups[1].Value);

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(
        SourceText.From(source, Encoding.UTF8), new CSharpParseOptions(LanguageVersion.Latest), path);

    private static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex("^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Argument();
}
