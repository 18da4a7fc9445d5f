using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using OptimGen.CompilerServices;
using OptimGen.Generator;

namespace OptimGen.RandomRules;

/// <summary>Declarations with what the generator writes for them, compiled; the framework and the runtime library are the test's own.</summary>
/// <param name="Compilation">All of it.</param>
/// <param name="Generated">The generated files, by their names.</param>
internal sealed record GeneratedProject(CSharpCompilation Compilation, IReadOnlyDictionary<string, string> Generated)
{
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(Optimizer).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <param name="name">The name of the assembly.</param>
    /// <param name="sources">The declarations.</param>
    /// <param name="edit">Changes the text of each generated file before it is compiled.</param>
    /// <exception cref="InvalidOperationException">The generator refuses a declaration; the message says why.</exception>
    public static GeneratedProject Create(string name, IEnumerable<string> sources, Func<string, string>? edit = null)
    {
        var declarations = CSharpCompilation.Create(
            name,
            sources.Select(source => CSharpSyntaxTree.ParseText(source, Parsing)),
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        GeneratorDriverRunResult generated = CSharpGeneratorDriver
            .Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGenerators(declarations)
            .GetRunResult();
        if (generated.Results.Single().Exception is { } exception)
        {
            throw new InvalidOperationException("The generator threw.", exception);
        }

        var project = new GeneratedProject(
            declarations.AddSyntaxTrees(generated.GeneratedTrees.Select(tree =>
                edit is null ? tree : CSharpSyntaxTree.ParseText(edit(tree.ToString()), Parsing, tree.FilePath))),
            generated.GeneratedTrees.ToDictionary(tree => Path.GetFileName(tree.FilePath), tree => tree.ToString()));

        // A declaration that is refused gets a rule that throws, or no file at all.
        bool isRefused = project.Generated.Values.Any(file => file.Contains(nameof(InvalidDeclaration), StringComparison.Ordinal))
            || project.Generated.Count < declarations.GetSymbolsWithName(_ => true, SymbolFilter.Type).Count(IsOptimizer);
        return isRefused ? throw new InvalidOperationException(project.Describe([])) : project;
    }

    /// <summary>A generated file without the kernels of an instruction set that nobody will call: to compile them is much of the time that it takes.</summary>
    public static string Without(InstructionSet set, string file)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(file, Parsing).GetRoot();
        ClassDeclarationSyntax? kernels = root.DescendantNodes().OfType<ClassDeclarationSyntax>().FirstOrDefault(one => one.Identifier.Text == $"{set}Kernels");
        return kernels is null
            ? file
            : root.RemoveNode(kernels, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString()
                .Replace($"new {set}Kernels(", $"new {InstructionSet.Scalar}Kernels(", StringComparison.Ordinal);
    }

    /// <summary>The assembly.</summary>
    /// <exception cref="InvalidOperationException">Something does not compile.</exception>
    public byte[] Emit()
    {
        using var image = new MemoryStream();
        EmitResult result = Compilation.Emit(image);
        return result.Success ? image.ToArray() : throw new InvalidOperationException(Describe(result.Diagnostics));
    }

    /// <summary>What the compiler and the generator's analyzer have to say, each with the file it is about.</summary>
    private string Describe(IEnumerable<Diagnostic> ofCompiler) => string.Join("\n\n", Compilation
        .WithAnalyzers([new OptimizerAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
        .Concat(ofCompiler)
        .Where(one => one.Severity == DiagnosticSeverity.Error)
        .Take(10)
        .Select(one => $"{one}\n{one.Location.SourceTree}"));

    private static bool IsOptimizer(ISymbol type) =>
        type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == typeof(OptimizerAttribute).FullName);

    /// <summary>Loads the assembly.</summary>
    /// <param name="context">Where, until the caller unloads it.</param>
    public Assembly Load(out AssemblyLoadContext context)
    {
        context = new AssemblyLoadContext(Compilation.AssemblyName, isCollectible: true);
        return context.LoadFromStream(new MemoryStream(Emit()));
    }
}
