using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>
/// What holds of any text at all: neither generator nor analyzer throws, something is said where nothing is generated, and the compiler refuses no generated
/// file unless there is an error in the user's own.
/// </summary>
internal static class BrokenInput
{
    public static void Check(params string[] sources) => Check(new GeneratorTest().Compile(sources));

    public static void Check(CSharpCompilation compilation)
    {
        GeneratorDriver driver = new GeneratorTest().Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.True(result.Exception is null, $"{result.Exception}\n{Print(compilation)}");
        try
        {
            CheckFindings(compilation, result, output);
        }
        catch (InvalidOperationException)
        {
            // The compiler itself throws for some texts that are no C#: so it does without the generator.
            Assert.Throws<InvalidOperationException>(() => compilation.GetDiagnostics());
        }
    }

    private static void CheckFindings(CSharpCompilation compilation, GeneratorRunResult result, Compilation output)
    {
        ImmutableArray<Diagnostic> findings = compilation.WithAnalyzers([new OptimizerAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        Assert.True(findings.All(finding => finding.Id.StartsWith("OPTG", StringComparison.Ordinal)), $"{string.Join('\n', findings)}\n{Print(compilation)}");

        bool userIsWrong = findings.Any() || compilation.SyntaxTrees.Any(tree => tree.GetDiagnostics().Any(IsError));
        if (result.GeneratedSources.IsEmpty)
        {
            // Nothing generated and nothing said would leave the user without a word; only the compiler may say it instead.
            bool isSilent = !userIsWrong && compilation.GetSymbolsWithName(_ => true, SymbolFilter.Type).Any(IsOptimizer);
            Assert.True(!isSilent || compilation.GetDiagnostics().Any(IsError), $"Nothing generated, and nothing said\n{Print(compilation)}");
            return;
        }

        // What is said of one optimizer does not keep another from being generated, nor does a rule in a class that is none. A declaration with errors gets no
        // kernels.
        int optimizers = compilation.GetSymbolsWithName(_ => true, SymbolFilter.Type).Count(IsOptimizer);
        int withKernels = result.GeneratedSources.Count(source => source.SourceText.ToString().Contains("class Avx2Kernels", StringComparison.Ordinal));
        Assert.True(
            findings.All(finding => finding.Id == "OPTG004") || withKernels < optimizers,
            $"Generated in spite of {string.Join('\n', findings)}\n{Print(compilation)}");
        // The generated files are long, and need not be bound where the user's own have an error.
        if (compilation.SyntaxTrees.Any(tree => tree.GetDiagnostics().Any(IsError) || output.GetSemanticModel(tree).GetDiagnostics().Any(IsError)))
        {
            return;
        }

        Diagnostic[] errors = [.. output.GetDiagnostics().Where(IsError)];
        bool userHasErrors = errors.Any(error => error.Location.SourceTree is not { } tree || GeneratorTest.IsUser(tree));
        Assert.True(
            userHasErrors || errors.Length == 0,
            $"{string.Join('\n', errors.Select(GeneratorTest.Format).Distinct().Take(10))}\n{Print(compilation)}");
    }

    private static bool IsOptimizer(ISymbol type) =>
        type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == typeof(OptimizerAttribute).FullName);

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string Print(CSharpCompilation compilation) => string.Join("\n\n", compilation.SyntaxTrees.Select(GeneratorTest.Numbered));
}
