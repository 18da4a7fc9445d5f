using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>
/// Whatever the user is in the middle of typing: neither generator nor analyzer throws, and no error lands in a generated file unless
/// there is one in the user's own.
/// </summary>
public class BrokenInputTests
{
    internal const string Valid = """
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

    public static TheoryData<string> Declarations =>
        [Valid, Optimizers.Source(nameof(Optimizers.Adadelta)), Optimizers.Source(nameof(Optimizers.Everything)), GeneratorTest.Usings + RuleLanguage.Source.Statements];

    [Theory]
    [MemberData(nameof(Declarations))]
    public void TruncatedAnywhere(string declaration)
    {
        foreach (int length in Enumerable.Range(0, declaration.Length + 1).Where(Effort.IsOfToday))
        {
            BrokenInput.Check(declaration[..length]);
        }

        // What is whole is generated, so the parts were parts of something.
        Assert.NotEmpty(new GeneratorTest().Driver().RunGenerators(new GeneratorTest().Compile(declaration)).GetRunResult().GeneratedTrees);
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void AnyTokenDeletedOrDoubledOrSwapped(string declaration)
    {
        SyntaxToken[] tokens = [.. CSharpSyntaxTree.ParseText(declaration).GetRoot().DescendantTokens()];
        foreach (int i in Enumerable.Range(0, tokens.Length).Where(Effort.IsOfToday))
        {
            BrokenInput.Check(Join(tokens.Where((_, k) => k != i)));
            BrokenInput.Check(Join(tokens.SelectMany((token, k) => k == i ? [token, token] : new[] { token })));
            if (i > 0)
            {
                SyntaxToken[] swapped = [.. tokens];
                (swapped[i - 1], swapped[i]) = (swapped[i], swapped[i - 1]);
                BrokenInput.Check(Join(swapped));
            }
        }
    }

    [Fact]
    public void AnyStackOfAttributes()
    {
        var random = new Random(20240607);
        foreach (string attribute in Attributes)
        {
            BrokenInput.Check($"using OptimGen; [Optimizer, {attribute}] internal partial class Any;");
            BrokenInput.Check($"using OptimGen; [{attribute}] internal partial class Any;");
        }

        for (int i = 0; i < 150; i++)
        {
            IEnumerable<string> some = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Attributes[random.Next(Attributes.Length)]);
            BrokenInput.Check($"using OptimGen; [Optimizer, {string.Join(", ", some)}] internal partial class Any;");
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
    public void OddDeclarations(string source) => BrokenInput.Check("using OptimGen;\n" + source);

    [Fact]
    public void PartsInSeveralFiles()
    {
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "using OptimGen; [Ewa(0.9)] internal partial class Any;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "using OptimGen; [Optimizer] internal partial class Any;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "internal class Any;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial class Any : System.EventArgs;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial struct Any;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "file class Any;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "internal partial class Any { internal float LearningRate; }");
        BrokenInput.Check("[Optimizer] internal partial class Any;", "using OptimGen;");
        BrokenInput.Check("[Optimizer] internal partial class Any;", "global using OptimGen;");
        BrokenInput.Check("[O] internal partial class Any;", "global using O = OptimGen.OptimizerAttribute; ");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "global using Vector512 = System.String; global using Unsafe = System.Int32;");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "global using Contoso; namespace Contoso { internal class Vector256; internal class Unsafe; }");
        BrokenInput.Check("using OptimGen; [Optimizer] internal partial class Any;", "namespace OptimGen { internal class OptimizerAttribute : System.Attribute; }");
        BrokenInput.Check("[OptimGen.Optimizer] internal partial class Any;", "namespace OptimGen { internal class OptimizerAttribute; }");
    }

    /// <summary>The compiler has no answer about such a method, but an exception. That takes nothing from another declaration.</summary>
    [Theory]
    [InlineData("[UpdateRule] private static float Update(float parameter, float gradient) { float a; (a, () => 1) = (1, 2); return parameter - gradient; }")]
    [InlineData("[UpdateRule] private static float Update(float parameter, float gradient) => Half(parameter) - gradient; private static float Half(float x) { (x, => ) = (1, 2); return x; }")]
    public void TextsThatTheCompilerThrowsFor(string members)
    {
        string source = $"using OptimGen; [Optimizer] internal sealed partial class First {{ {members} }} [Optimizer] internal sealed partial class Second;";
        BrokenInput.Check(source);
        var test = new GeneratorTest();
        GeneratorRunResult result = test.Driver().RunGenerators(test.Compile(source)).GetRunResult().Results.Single();
        Assert.Contains("Avx2Kernels", result.GeneratedSources.Single(file => file.HintName == "Second.g.cs").SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTheRuntime()
    {
        CSharpCompilation compilation = new GeneratorTest().Compile("using OptimGen; [Optimizer] internal partial class Any;");
        BrokenInput.Check(compilation.WithReferences(compilation.References.Where(reference => !reference.Display!.EndsWith("OptimGen.dll", StringComparison.Ordinal))));
        BrokenInput.Check(compilation.WithReferences());
    }

    private static string Join(IEnumerable<SyntaxToken> tokens) =>
        tokens.Aggregate(new StringBuilder(), (text, token) => text.Append(token.ToFullString())).ToString();
}
