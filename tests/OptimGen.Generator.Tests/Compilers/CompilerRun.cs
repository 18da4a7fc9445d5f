using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OptimGen.Generator.Tests.Compilers;

/// <summary>
/// The generator and its analyzer as a compiler finds them in their files, over one declaration after the other. It runs in the load context of each
/// compiler, so that only texts go in and out.
/// </summary>
internal static class CompilerRun
{
    /// <summary>To compile what is generated takes most of the time, and shows the same each time.</summary>
    private const int SourcesForOneCompiled = 8;

    /// <summary>What the compiler does with each source: its generated files, what the analyzer says, and, of some, the errors of the compiler itself.</summary>
    public static string[][] Generate(string analyzerPath, string[] sources, string[] referencePaths)
    {
        AnalyzerFileReference file = Open(analyzerPath, out List<string> failures);
        ISourceGenerator generator = file.GetGenerators(LanguageNames.CSharp).Single();
        var analyzers = file.GetAnalyzers(LanguageNames.CSharp);
        MetadataReference[] references = [.. referencePaths.Select(path => MetadataReference.CreateFromFile(path))];
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp12);
        List<string[]> results = [];
        foreach (string source in sources)
        {
            var compilation = CSharpCompilation.Create(
                "Project", [CSharpSyntaxTree.ParseText(source, parsing)], references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
            GeneratorDriver driver = CSharpGeneratorDriver.Create([generator], parseOptions: parsing)
                .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            GeneratorRunResult result = driver.GetRunResult().Results.Single();
            results.Add(
            [
                .. failures,
                .. result.Exception is { } exception ? [exception.ToString()] : Array.Empty<string>(),
                .. result.GeneratedSources.Select(one => $"{one.HintName}\n{one.SourceText}"),
                .. output.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult().Select(Text).Order(StringComparer.Ordinal),
                .. results.Count % SourcesForOneCompiled == 0 ? output.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error).Select(Text) : [],
            ]);
        }

        return [.. results];
    }

    /// <summary>What the compiler says when it looks for analyzers in a file; empty where it loads it, or finds nothing for itself in it.</summary>
    public static string[] Load(string path)
    {
        AnalyzerFileReference file = Open(path, out List<string> failures);
        file.GetGenerators(LanguageNames.CSharp);
        file.GetAnalyzers(LanguageNames.CSharp);
        return [.. failures];
    }

    private static string Text(Diagnostic diagnostic) => diagnostic.ToString();

    private static AnalyzerFileReference Open(string path, out List<string> failures)
    {
        var file = new AnalyzerFileReference(path, new Loader());
        List<string> said = failures = [];
        file.AnalyzerLoadFailed += (_, failure) => said.Add($"{failure.ErrorCode}: {failure.Message}");
        return file;
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) =>
            AssemblyLoadContext.GetLoadContext(typeof(Loader).Assembly)!.LoadFromAssemblyPath(fullPath);
    }
}
