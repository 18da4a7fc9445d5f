using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests.Mutants;

/// <summary>Every declaration of an optimizer in this repository: the shipped ones, those of samples and tests, and those that stand in texts of tests.</summary>
internal static class RepositoryDeclarations
{
    private const string Mark = "[Optimizer";

    /// <summary>The sources, each with what it needs to compile alone as far as it can.</summary>
    public static string[] All { get; } = Find();

    private static string[] Find([CallerFilePath] string thisFile = "")
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
        return
        [
            .. new[] { "runtime", "samples", "tests" }
                .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
                .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj") && !path.EndsWith(".verified.cs", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .SelectMany(path => DeclarationsOf(File.ReadAllText(path)))
                .Distinct(),
        ];
    }

    private static IEnumerable<string> DeclarationsOf(string file)
    {
        if (!file.Contains(Mark, StringComparison.Ordinal))
        {
            return [];
        }

        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(file).GetCompilationUnitRoot();
        IEnumerable<string> classes = root.DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Where(one => one.AttributeLists.ToString().Contains(Mark, StringComparison.Ordinal))
            .Select(one => GeneratorTest.Usings + "using System;\nnamespace Contoso;\n" + one.ToFullString());
        IEnumerable<string> texts = root.DescendantTokens()
            .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken)
            .Select(token => token.ValueText)
            .Where(text => text.Contains(Mark, StringComparison.Ordinal) && text.Contains("class", StringComparison.Ordinal))
            .Select(text => text.Contains("using OptimGen", StringComparison.Ordinal) ? text : GeneratorTest.Usings + text);
        return classes.Concat(texts);
    }
}
