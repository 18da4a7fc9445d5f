using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>The page of each diagnostic: its link leads to it, and its code shows what it says.</summary>
public class DiagnosticPageTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", ".."));

    public static TheoryData<string> Ids => [.. Descriptors.All.Select(one => one.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void HelpLink_LeadsToThePage(string id)
    {
        var link = new Uri(Descriptor(id).HelpLinkUri, UriKind.Absolute);
        Assert.True(File.Exists(Path.Combine(Root, link.Fragment.TrimStart('#'))), $"{link} names no file of the package.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Page_HasTitleAndSeverity(string id)
    {
        DiagnosticDescriptor descriptor = Descriptor(id);
        string severity = descriptor.DefaultSeverity == DiagnosticSeverity.Info ? "Suggestion" : descriptor.DefaultSeverity.ToString();
        Assert.StartsWith($"# {id}: {descriptor.Title}\n\n*{severity}.* ", Text(id), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPage_IsOfADiagnostic() => Assert.Equal(
        Descriptors.All.Select(one => one.Id + ".md"),
        Directory.GetFiles(Path.Combine(Root, "generator/docs/diagnostics")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Wrong_GivesThisDiagnosticAlone(string id) => Assert.Equal([id], Found(id, "Wrong").Distinct());

    [Theory]
    [MemberData(nameof(Ids))]
    public void Right_GivesNone(string id) => Assert.Empty(Found(id, "Right"));

    /// <summary>The code of a page's section.</summary>
    internal static string Block(string id, string section)
    {
        string code = Section(section).Match(Text(id)).Groups[1].Value;
        Assert.NotEmpty(code);
        return code;
    }

    /// <summary>What analyzer and compiler say of a block; of a page that is wrong, the compiler may say nothing in its place.</summary>
    private static string[] Found(string id, string section)
    {
        CSharpCompilation project = new GeneratorTest { ChecksRules = true }.Compile(GeneratorTest.Usings + Block(id, section));
        project = project.WithOptions(project.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
        new GeneratorTest().Driver().RunGeneratorsAndUpdateCompilation(project, out Compilation output, out _);
        return [.. GeneratorTest.Diagnose(output).Where(one => one.Id is not ("CS1591" or "CS0219")).Select(one => one.Id)];
    }

    private static DiagnosticDescriptor Descriptor(string id) => Descriptors.All.Single(one => one.Id == id);

    private static string Text(string id) => File.ReadAllText(Path.Combine(Root, "generator/docs/diagnostics", id + ".md")).ReplaceLineEndings("\n");

    private static Regex Section(string name) => new($"^## {name}\n\n```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    private static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
