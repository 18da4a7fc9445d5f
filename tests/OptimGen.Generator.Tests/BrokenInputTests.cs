using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>
/// Whatever the user is in the middle of typing: neither generator nor analyzer throws, and no error lands in a generated file unless
/// there is one in the user's own.
/// </summary>
public class BrokenInputTests
{
    private const string Valid = """
        using OptimGen;
        namespace Contoso.Training;
        internal partial class Outer
        {
            [Optimizer(LearningRate = 1e-3), Ewa(0.9f, Nesterov = true), ClipByValue(1)]
            [RmsNormalize(0.999, Epsilon = 1e-8f, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection(FirstSteps = 10)]
            internal sealed partial class Any : System.IFormattable
            {
                public string ToString(string? format, System.IFormatProvider? provider) => $"{LearningRate}";
            }
        }
        """;

    private static readonly string[] Attributes =
    [
        "Optimizer", "Optimizer()", "Optimizer(LearningRate = 1e300)", "Optimizer(LearningRate = double.NaN)", "Optimizer(1)", "OptimizerAttribute",
        "Ewa(0.9)", "Ewa", "Ewa()", "Ewa(double.NaN)", "Ewa(1e400)", "Ewa(-1)", "Ewa(null)", "Ewa(default)", "Ewa(0.9, 1)", "Ewa(Nesterov = true)", "Ewa(true)",
        "HeavyBall(0.5)", "HeavyBall(double.PositiveInfinity)", "HeavyBall(beta: 1)", "RmsNormalize(0.9)", "RmsNormalize(0.9, Centered = true)",
        "RmsNormalize(0.9, Epsilon = double.NegativeInfinity)", "RmsNormalize(0.9, AmsGrad = true)", "RmsNormalize(0.9, AmsGrad = null)",
        "RmsNormalize(0.9, EpsilonPlacement = (EpsilonPlacement)7)", "RmsNormalize(0.9, EpsilonPlacement = 1)", "AdagradNormalize",
        "AdagradNormalize(AdagradForm.Mean)", "AdagradNormalize((AdagradForm)(-1))", "AdagradNormalize(AdagradForm.Missing)", "InfinityNormalize(0.9)",
        "InfinityNormalize(0.9f, Epsilon = 0)", "BiasCorrection", "BiasCorrection(FirstSteps = int.MinValue)", "BiasCorrection(FirstSteps = 1.5)",
        "DecoupledWeightDecay(1e-320)", "DecoupledWeightDecay(0.01)", "WeightDecay(typeof(int))", "WeightDecay(0.1)", "SignUpdate", "SignUpdate(1)",
        "TrackAverage", "ClipByValue(float.Epsilon)", "ClipByValue(0)", "ClipByValue(\"\")", "UpdateRule", "Missing", "Missing(", "", "System.Serializable",
        "System.Obsolete(\"x\", true)",
    ];

    private const int MutationsOfASeed = 240;

    /// <summary>Words that no source has.</summary>
    private static readonly string[] Words =
    [
        "static ", "async ", "extern ", "abstract ", "unsafe ", "partial ", "file ", "ref ", "out ", "in ", "params ", "scoped ", "this ", "base ", "double ", "int ", "long ", "bool ",
        "string ", "object ", "T ", "<T> ", "? ", "[] ", "0 ", "1e300 ", "'a' ", "null ", "default ", "new() ", "=> ", "{ ", "} ", "( ", ") ", "; ", "# ", "@", "\"", "/* ", "// ", "\u2028",
        "goto ", "yield ", "await ", "lock ", "throw ", "switch ", "for (;;) ", "where T : struct ", "required ", "init ", "interface ", "record ", "struct ", "enum ", "delegate ",
        "[State] ", "[PerStep] ", "[PerTensor] ", "[Reduce(Reduction.Sum)] ", "[UpdateRule] ", "[Hyperparameter] ", "[Previous(\"m\")] ", "[System.Obsolete(\"no\", true)] ",
    ];

    public static TheoryData<string> Declarations =>
        [Valid, Optimizers.Source(nameof(Optimizers.Adadelta)), Optimizers.Source(nameof(Optimizers.Everything)), GeneratorTest.Usings + RuleLanguage.Source.Statements];

    [Theory]
    [MemberData(nameof(Declarations))]
    public void TruncatedAnywhere(string declaration)
    {
        for (int length = 0; length <= declaration.Length; length++)
        {
            Check(declaration[..length]);
        }

        // What is whole is generated, so the parts were parts of something.
        Assert.NotEmpty(new GeneratorTest().Driver().RunGenerators(new GeneratorTest().Compile(declaration)).GetRunResult().GeneratedTrees);
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void AnyTokenDeletedOrDoubledOrSwapped(string declaration)
    {
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(declaration).GetRoot().DescendantTokens()];
        for (int i = 0; i < tokens.Length; i++)
        {
            Check(Join(tokens.Where((_, k) => k != i)));
            Check(Join(tokens.SelectMany((token, k) => k == i ? [token, token] : new[] { token })));
            if (i > 0)
            {
                SyntaxToken[] swapped = [.. tokens];
                (swapped[i - 1], swapped[i]) = (swapped[i], swapped[i - 1]);
                Check(Join(swapped));
            }
        }
    }

    public static TheoryData<int> Mutations => [.. Enumerable.Range(0, 10)];

    /// <summary>Sources of every kind with tokens and lines changed for those of others: most do not compile, and some do.</summary>
    [Theory]
    [MemberData(nameof(Mutations))]
    public void Mutated(int seed)
    {
        var random = new Random(seed + 20260101);
        string[] sources = [Valid, GeneratorTest.Usings + RuleLanguage.Source.Statements, .. Optimizers.All.Keys.Select(Optimizers.Source)];
        string[][] tokens = [.. sources.Select(source => TokensOf(source).ToArray())];
        string[] words = [.. tokens.SelectMany(all => all).Select(token => token.Trim() + " ").Concat(Words).Distinct()];
        for (int i = 0; i < MutationsOfASeed; i++)
        {
            List<string> mutated = [.. tokens[i % tokens.Length]];
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                Mutate(mutated, tokens[random.Next(tokens.Length)], words, random);
            }

            Check(string.Concat(mutated));
        }
    }

    private static void Mutate(List<string> tokens, string[] other, string[] words, Random random)
    {
        int at = random.Next(tokens.Count), count = Math.Min(random.Next(1, 6), tokens.Count - at);
        switch (random.Next(8))
        {
            case 0:
                tokens[at] = words[random.Next(words.Length)];
                break;
            case 1:
                tokens.Insert(at, words[random.Next(words.Length)]);
                break;
            case 2:
                tokens.RemoveRange(at, count);
                break;
            case 3:
                tokens.InsertRange(random.Next(tokens.Count), tokens.GetRange(at, count));
                break;
            case 4:
                int start = random.Next(other.Length);
                tokens.InsertRange(at, other.Skip(start).Take(random.Next(1, 12)));
                break;
            case 5:
                // The rest of a line that is not typed yet.
                int end = tokens.FindIndex(at, token => token.Contains('\n', StringComparison.Ordinal));
                tokens.RemoveRange(at, (end < 0 ? tokens.Count : end) - at);
                break;
            case 6:
                // One name for another, everywhere.
                string old = tokens[at], name = words[random.Next(words.Length)];
                for (int i = 0; i < tokens.Count; i++)
                {
                    tokens[i] = tokens[i] == old ? name : tokens[i];
                }

                break;
            default:
                int second = random.Next(tokens.Count);
                (tokens[at], tokens[second]) = (tokens[second], tokens[at]);
                break;
        }

        if (tokens.Count == 0)
        {
            tokens.Add(";");
        }
    }

    private static IEnumerable<string> TokensOf(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.ToFullString());

    [Fact]
    public void AnyStackOfAttributes()
    {
        var random = new Random(20240607);
        foreach (string attribute in Attributes)
        {
            Check($"using OptimGen; [Optimizer, {attribute}] internal partial class Any;");
            Check($"using OptimGen; [{attribute}] internal partial class Any;");
        }

        for (int i = 0; i < 150; i++)
        {
            IEnumerable<string> some = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Attributes[random.Next(Attributes.Length)]);
            Check($"using OptimGen; [Optimizer, {string.Join(", ", some)}] internal partial class Any;");
        }
    }

    [Theory]
    [InlineData("[Optimizer] file partial class Any;")]
    [InlineData("[Optimizer] internal partial class Any<T>;")]
    [InlineData("internal partial class Outer<T> { [Optimizer] internal partial class Any; }")]
    [InlineData("[Optimizer] internal static partial class Any;")]
    [InlineData("[Optimizer] internal abstract partial class Any;")]
    [InlineData("[Optimizer] internal partial record Any(int X);")]
    [InlineData("[Optimizer] internal partial struct Any;")]
    [InlineData("[Optimizer] internal partial interface Any;")]
    [InlineData("[Optimizer] internal enum Any;")]
    [InlineData("[Optimizer] internal delegate void Any();")]
    [InlineData("[Optimizer] internal partial class;")]
    [InlineData("[Optimizer] internal partial class Any(ParameterSet<float> set);")]
    [InlineData("[Optimizer] internal partial class Any() : System.EventArgs();")]
    [InlineData("[Optimizer] internal partial class Any : Any;")]
    [InlineData("[Optimizer] internal partial class Any : Optimizer;")]
    [InlineData("[Optimizer] internal partial class Any : Optimizer<float>;")]
    [InlineData("[Optimizer] internal partial class Any : Optimizer<int>;")]
    [InlineData("[Optimizer] internal partial class Any : Contoso.OptimGen.Optimizer<float>; namespace Contoso.OptimGen { internal class Optimizer<T>; }")]
    [InlineData("[Optimizer] internal partial class Any { [Optimizer] internal partial class Any2; [Optimizer] internal partial class Scalar; }")]
    [InlineData("[Optimizer] internal partial class Any { [Optimizer] internal partial class Any; }")]
    [InlineData("[Optimizer] internal partial class Any; namespace Any { [Optimizer] internal partial class Scalar; }")]
    [InlineData("[Optimizer] internal partial class Any; [Optimizer] internal partial class Any;")]
    [InlineData("[Optimizer] internal class Any; [Optimizer] internal class Any;")]
    [InlineData("[Optimizer] internal partial class Any; [Optimizer] internal partial class any; [Optimizer] internal partial class ANY;")]
    [InlineData("namespace A { [Optimizer] internal partial class Any; } namespace a { [Optimizer] internal partial class Any; }")]
    [InlineData("namespace A { [Optimizer] internal partial class B { [Optimizer] internal partial class C; } } namespace A.B { [Optimizer] internal partial class C; }")]
    [InlineData("[Optimizer] internal partial class Ünï; [Optimizer] internal partial class ünï; [Optimizer] internal partial class 日本;")]
    [InlineData("[Optimizer] internal partial class @record { } [Optimizer] internal partial class @var; [Optimizer] internal partial class @partial;")]
    [InlineData("[Optimizer] internal partial class @await; [Optimizer] internal partial class @field; [Optimizer] internal partial class @dynamic;")]
    [InlineData("namespace @namespace.@record.@partial { internal partial struct @ref { [Optimizer] internal partial class @required; } }")]
    [InlineData("internal ref partial struct Outer { [Optimizer] internal partial class Any; }")]
    [InlineData("internal readonly partial record struct Outer { internal partial record Inner { [Optimizer] internal partial class Any; } }")]
    [InlineData("internal partial interface Outer { [Optimizer] public partial class Any; }")]
    [InlineData("internal partial class Outer { [Optimizer] private partial class Any; [Optimizer] protected partial class Other; }")]
    [InlineData("[Optimizer, Ewa(0.5)] internal partial class Any { private float beta1; private int own; private float Beta1 => beta1; }")]
    [InlineData("[Optimizer] internal partial class Any { internal class LearningRate; internal class Scalars; public Any() { } }")]
    [InlineData("[Optimizer] internal partial class Any { public Any(ParameterSet set) : this((ParameterSet<float>)set) { } }")]
    [InlineData("[Optimizer] internal partial class Any { static Any() { } ~Any() { } public static implicit operator int(Any a) => 1; }")]
    [InlineData("[Optimizer] internal partial class Any { public event System.Action? LearningRate; public int this[int i] => i; }")]
    [InlineData("[Optimizer] internal partial class Any { internal class own; internal class i; }")]
    [InlineData("[Optimizer] internal partial class Any { public new int Step => 1; public new int Parameters => 1; public new int Definition => 1; }")]
    [InlineData("[Optimizer] internal partial class Any { internal class Optimizer<T>; internal class System; internal class OptimGen; }")]
    [InlineData("[Optimizer] internal unsafe sealed partial class Any;")]
    [InlineData("[Optimizer, System.Obsolete] internal sealed partial class Any;")]
    [InlineData("[Optimizer, System.Obsolete(\"no\", true)] internal sealed partial class Any;")]
    [InlineData("[Optimizer] internal partial class Avx512Kernel; [Optimizer] internal partial class GroupHyperparameters;")]
    [InlineData("[Optimizer] internal partial class UpdateElements; [Optimizer, HeavyBall(0.9)] internal partial class Momentum;")]
    [InlineData("[Optimizer] internal partial class learningRate; [Optimizer] internal partial class scalars; [Optimizer] internal partial class groups;")]
    [InlineData("[Optimizer] internal partial class Step; [Optimizer] internal partial class Parameters; [Optimizer] internal partial class IndexOf;")]
    [InlineData("[Optimizer] internal partial class InstructionSet; [Optimizer] internal partial class Definition; [Optimizer] internal partial class Optimizer;")]
    [InlineData("[Optimizer] internal partial class A where T : class;")]
    [InlineData("[Optimizer] [module: System.CLSCompliant(true)] internal partial class Any;")]
    [InlineData("[type: Optimizer] internal partial class Any; [method: Optimizer] internal partial class Other;")]
    [InlineData("#nullable disable\n[Optimizer] internal partial class Any;")]
    [InlineData("#if false\n[Optimizer] internal partial class Any;\n#endif")]
    [InlineData("using System.Runtime.Intrinsics; [Optimizer] internal partial class Any;")]
    public void OddDeclarations(string source) => Check("using OptimGen;\n" + source);

    [Fact]
    public void PartsInSeveralFiles()
    {
        Check("using OptimGen; [Optimizer] internal partial class Any;", "using OptimGen; [Ewa(0.9)] internal partial class Any;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "using OptimGen; [Optimizer] internal partial class Any;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "internal class Any;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial class Any : System.EventArgs;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial struct Any;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "file class Any;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial class Any { internal float LearningRate; }");
        Check("[Optimizer] internal partial class Any;", "using OptimGen;");
        Check("[Optimizer] internal partial class Any;", "global using OptimGen;");
        Check("[O] internal partial class Any;", "global using O = OptimGen.OptimizerAttribute; ");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "global using Vector512 = System.String; global using Unsafe = System.Int32;");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "global using Contoso; namespace Contoso { internal class Vector256; internal class Unsafe; }");
        Check("using OptimGen; [Optimizer] internal partial class Any;", "namespace OptimGen { internal class OptimizerAttribute : System.Attribute; }");
        Check("[OptimGen.Optimizer] internal partial class Any;", "namespace OptimGen { internal class OptimizerAttribute; }");
    }

    [Fact]
    public void WithoutTheRuntime()
    {
        CSharpCompilation compilation = new GeneratorTest().Compile("using OptimGen; [Optimizer] internal partial class Any;");
        Check(compilation.WithReferences(compilation.References.Where(reference => !reference.Display!.EndsWith("OptimGen.dll", StringComparison.Ordinal))));
        Check(compilation.WithReferences());
    }

    private static void Check(params string[] sources) => Check(new GeneratorTest().Compile(sources));

    private static void Check(CSharpCompilation compilation)
    {
        GeneratorDriver driver = new GeneratorTest().Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.True(result.Exception is null, $"{result.Exception}\n{Print(compilation)}");

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
        if (compilation.SyntaxTrees.Any(tree => tree.GetDiagnostics().Any(IsError)))
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

    private static string Join(IEnumerable<SyntaxToken> tokens) =>
        tokens.Aggregate(new StringBuilder(), (text, token) => text.Append(token.ToFullString())).ToString();
}
