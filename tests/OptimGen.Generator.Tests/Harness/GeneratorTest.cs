using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Diagnostics;
using Xunit.Sdk;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>
/// A project with the generator and its analyzer, as strict as a user's can be. <see cref="Run(string[], string[])"/> is the only way in, so that no test can
/// forget a part of it: the generator runs again on a cloned compilation and on the same texts, from its cache; what it wrote is compiled with
/// nullable and every warning as an error, CS1591 included, without unsafe; and a diagnostic that the test does not name fails it.
/// </summary>
internal sealed record GeneratorTest
{
    /// <summary>What stands before every source that does not say otherwise.</summary>
    public const string Usings = "using OptimGen;\n";

    /// <summary>The framework and the runtime library.</summary>
    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
            .Where(path => !Path.GetFileName(path).Contains(".Native.", StringComparison.Ordinal))
            .Append(typeof(Optimizer).Assembly.Location)
            .Append(typeof(Microsoft.Extensions.Logging.ILogger).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ConcurrentDictionary<(string Source, string Culture), Lazy<GeneratorRun>> Runs = new();

    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "UserProject",
        references: References,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            generalDiagnosticOption: ReportDiagnostic.Error,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: false));

    /// <summary>
    /// Whether what compiles and is probably not meant is looked for. The rules of most tests are about one construct, and otherwise make no sense.
    /// </summary>
    public bool ChecksRules { get; init; }

    public LanguageVersion LanguageVersion { get; init; } = LanguageVersion.Latest;

    /// <summary>Runs the generator over a project of these files.</summary>
    /// <param name="source">The project's files.</param>
    /// <param name="diagnostics">Every diagnostic that is expected of compiler and analyzer, as <see cref="Format"/> prints it, in the order of the lines.</param>
    public static GeneratorRun Run(string source, params string[] diagnostics) => diagnostics.Length > 0
        ? new GeneratorTest().Run([source], diagnostics)
        // Many tests look at the same optimizers.
        : Runs.GetOrAdd((source, CultureInfo.CurrentCulture.Name), _ => new(() => new GeneratorTest().Run([source]))).Value;

    /// <inheritdoc cref="Run(string, string[])"/>
    public GeneratorRun Run(string[] sources, params string[] diagnostics)
    {
        CSharpCompilation compilation = Compile(sources);
        GeneratorDriver driver = Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorDriverRunResult first = driver.GetRunResult();
        Incrementality.RequireCached(driver.RunGenerators(compilation.Clone()).GetRunResult(), first);
        // What is kept is kept for a file; of the same text in a new one everything is parsed again, and comes out equal.
        Incrementality.RequireCached(driver.RunGenerators(Compile(sources)).GetRunResult(), first);

        ImmutableArray<Diagnostic> actual = Diagnose(output);
        RequireDiagnostics(diagnostics, actual, output);
        return new GeneratorRun(driver, compilation, output);
    }

    /// <summary>The project before the generator has run; for the tests of the pipeline itself.</summary>
    public CSharpCompilation Compile(params string[] sources)
    {
        CSharpParseOptions options = ParseOptions;
        CSharpCompilation project = ChecksRules ? Empty : Empty.WithOptions(Empty.Options.WithSpecificDiagnosticOptions(
            Descriptors.All.Where(one => one.DefaultSeverity != DiagnosticSeverity.Error).Select(one => KeyValuePair.Create(one.Id, ReportDiagnostic.Suppress))));
        return project.AddSyntaxTrees(sources.Select((source, i) =>
            CSharpSyntaxTree.ParseText(SourceText.From(source, Encoding.UTF8), options, path: $"User{i}.cs")));
    }

    /// <param name="tracksSteps">
    /// Whether it says what each step gave and why, which no host asks for. The driver then loses outputs after some edits: where <c>Combine</c> saw a value
    /// removed in one run, and nothing changed before it in the next, it takes the place of the removed value for that of the one behind (Roslyn 4.14 and 5.9,
    /// <c>CombineNode.RecordStepsForCachedTable</c>). So a driver that is kept over many edits must not track steps.
    /// </param>
    public GeneratorDriver Driver(bool tracksSteps = true) => CSharpGeneratorDriver.Create(
        [new OptimizerGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, tracksSteps));

    /// <summary>What compiler and analyzer say of a project.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(Compilation output) =>
    [
        .. output
            .WithAnalyzers([new OptimizerAnalyzer()])
            .GetAllDiagnosticsAsync().GetAwaiter().GetResult()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Info)
            .OrderBy(diagnostic => diagnostic.Location.SourceTree?.FilePath, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.GetMessage(null), StringComparer.Ordinal),
    ];

    /// <summary>A diagnostic as tests name it: the identifier, the text that the user sees underlined, and the message.</summary>
    public static string Format(Diagnostic diagnostic)
    {
        string text = diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan) ?? "no location";
        string file = diagnostic.Location.SourceTree is { } tree && !IsUser(tree) ? $" in {Path.GetFileName(tree.FilePath)}" : "";
        return $"{diagnostic.Id}{file} at `{text}`: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    public static bool IsUser(SyntaxTree tree) => tree.FilePath.StartsWith("User", StringComparison.Ordinal);

    /// <summary>A source with the numbers of its lines.</summary>
    public static string Numbered(SyntaxTree tree) =>
        $"{tree.FilePath}\n" + string.Join("\n", tree.GetText().Lines.Select(line => $"{line.LineNumber + 1,4}  {line}"));

    private CSharpParseOptions ParseOptions => new(LanguageVersion, DocumentationMode.Diagnose);

    private static void RequireDiagnostics(string[] expected, ImmutableArray<Diagnostic> actual, Compilation output)
    {
        string[] texts = [.. actual.Select(Format)];
        if (expected.SequenceEqual(texts, StringComparer.Ordinal))
        {
            return;
        }

        var message = new StringBuilder("The diagnostics are not the asserted ones.\n");
        var rest = texts.ToList();
        foreach (string missing in expected.Where(one => !rest.Remove(one)))
        {
            message.Append("\nAsserted, but not there:\n    ").Append(missing);
        }

        if (rest.Count > 0)
        {
            message.Append("\nThere, but not asserted; if they belong there, add:\n");
            foreach (string line in rest.Distinct().Take(20))
            {
                message.Append("    ").Append(SymbolDisplay.FormatLiteral(line, quote: true)).Append(",\n");
            }
        }

        message.Append("\nAll, in order:\n    ").AppendJoin("\n    ", texts);
        foreach (SyntaxTree tree in actual.Select(one => one.Location.SourceTree).OfType<SyntaxTree>().Distinct())
        {
            message.Append("\n\n").Append(Numbered(tree));
        }

        throw new XunitException(message.ToString());
    }
}

/// <summary>What a run of the generator gave.</summary>
/// <param name="Driver">The driver, after its first run.</param>
/// <param name="Input">The project.</param>
/// <param name="Output">The project with the generated files.</param>
internal sealed record GeneratorRun(GeneratorDriver Driver, CSharpCompilation Input, Compilation Output)
{
    /// <summary>The generated files by their names.</summary>
    public IReadOnlyDictionary<string, string> Files { get; } = Driver.GetRunResult().Results
        .SelectMany(result => result.GeneratedSources)
        .ToDictionary(source => source.HintName, source => source.SourceText.ToString(), StringComparer.Ordinal);

    /// <summary>The generated file whose name ends so.</summary>
    public string File(string end) => Files.Single(file => file.Key.EndsWith(end, StringComparison.Ordinal)).Value;

    /// <summary>The kernels of one instruction set, from the only generated file.</summary>
    public string Kernels(string instructionSet) => TypeOf(Files.Values.Single(), instructionSet + "Kernels");

    /// <summary>The rule, from the only generated file.</summary>
    public string Rule => TypeOf(Files.Values.Single(), "Rule");

    /// <summary>A type of the generated file's own, from its declaration to the brace that closes it.</summary>
    private static string TypeOf(string file, string name)
    {
        int start = file.IndexOf($"    file sealed class {name}(", StringComparison.Ordinal);
        return file[start..(file.IndexOf("\n    }\n", start, StringComparison.Ordinal) + "\n    }\n".Length)];
    }
}
