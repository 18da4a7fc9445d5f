using System.Reflection;
using System.Runtime.Loader;
using OptimGen.Generator.Tests.Harness;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests;

/// <summary>The kernels over states in fewer bits: which rules have them, and that those for Arm give the bits of the definition.</summary>
public sealed class StoredKernelTests
{
    private const string Rules = """
        using OptimGen;

        namespace Stored;

        [Optimizer(StorageKernels = true), Ewa(0.9), RmsNormalize(0.999), BiasCorrection, DecoupledWeightDecay(0.01)]
        public sealed partial class AdamW;

        [Optimizer(StorageKernels = true)]
        public sealed partial class Branching
        {
            [UpdateRule]
            private static float Update(float parameter, float gradient, [State(IsNonNegative = true)] ref float squares, [State] ref float last, [State] ref float unused)
            {
                float speed = gradient > last ? gradient : 0.5f * last;
                squares = squares + (gradient * gradient);
                last = gradient;
                return parameter - (0.1f * speed / (System.MathF.Sqrt(squares) + 1e-3f)) + unused;
            }
        }
        """;

    /// <summary>Vectors of 128 bits, which every processor has, in place of those of this machine.</summary>
    [Theory]
    [InlineData("AdamW", Storage.BFloat16, StorageRounding.Stochastic)]
    [InlineData("AdamW", Storage.BFloat16, StorageRounding.Nearest)]
    [InlineData("AdamW", Storage.Block8, StorageRounding.Stochastic)]
    [InlineData("Branching", Storage.BFloat16, StorageRounding.Stochastic)]
    [InlineData("Branching", Storage.Block8, StorageRounding.Stochastic)]
    public void KernelsForArm_GiveTheBitsOfTheRuleBetweenDecodingAndEncoding(string rule, Storage storage, StorageRounding rounding)
    {
        GeneratedProject project = GeneratedProject.Create(
            "Stored", [Rules],
            file => file.Replace("new Avx512Kernels(", "new NeonKernels(", StringComparison.Ordinal).Replace("new Avx2Kernels(", "new NeonKernels(", StringComparison.Ordinal));
        Type type = project.Load(out AssemblyLoadContext context).GetType("Stored." + rule, throwOnError: true)!;
        var options = new OptimizerOptions { StateStorage = storage, StateRounding = rounding, RoundingSeed = 3 };
        var made = new List<Optimizer<float>>();
        RuleCheckResult result = RuleCheck.Require(
            (ParameterSet parameters) =>
            {
                made.Add((Optimizer<float>)Activator.CreateInstance(type, parameters, options)!);
                return made[^1];
            },
            new RuleCheckOptions { Lengths = [1, 31, 32, 33, 255, 256, 257, 600, 1025], Steps = 4 });
        Assert.True(result.ComparedValues > 0);
        PropertyInfo hasStoredKernels = typeof(Optimizer<float>).GetProperty("HasStoredKernels", BindingFlags.Instance | BindingFlags.NonPublic)!;
        Assert.Contains(made, optimizer => optimizer.InstructionSet != InstructionSet.Scalar && (bool)hasStoredKernels.GetValue(optimizer)!);
        context.Unload();
    }

    [Theory]
    [InlineData("[Optimizer, Ewa(0.9)] partial class A;", false)]
    [InlineData("[Optimizer(StorageKernels = true), Ewa(0.9)] partial class A;", true)]
    [InlineData("[Optimizer(StorageKernels = true, ElementType = typeof(double)), Ewa(0.9)] partial class A;", false)]
    [InlineData("[Optimizer(StorageKernels = true)] partial class A;", true)]
    [InlineData("[Optimizer(StateStorage = Storage.BFloat16), Ewa(0.9)] partial class A;", true)]
    [InlineData("[Optimizer] partial class A { [UpdateRule] static float U(float parameter, [State(Storage = Storage.Block8)] ref float m) => parameter - m; }", true)]
    [InlineData("[Optimizer] partial class A { [UpdateRule] static float U(float parameter, [State(Storage = Storage.Block8)] ref float m, [State] ref float v) => parameter - m * v; }", false)]
    [InlineData("[Optimizer(StorageKernels = true)] partial class A { [UpdateRule] static float U(float parameter, [State] ref float m) => RuleMath.Exp(parameter - m); }", false)]
    public void RulesHaveThem_ThatAskForThem(string declaration, bool hasThem)
    {
        string kernels = GeneratorTest.Run("using OptimGen;\n" + declaration).Kernels("Avx2");
        Assert.Equal(hasThem, kernels.Contains("StoredKernels<float, Vector256<uint>>", StringComparison.Ordinal));
        Assert.Equal(hasThem, kernels.Contains(" void UpdateStored<TParameter, TGradient, TState, TNonNegative, TRandom>(", StringComparison.Ordinal));
    }

    [Fact]
    public void TheyDoNotChangeTheFingerprint()
    {
        string Fingerprint(string options) => GeneratorTest.Run($"using OptimGen;\n[Optimizer{options}, Ewa(0.9)] partial class A;").Rule.Split("Fingerprint = ")[1].Split(',')[0];
        Assert.Equal(Fingerprint(""), Fingerprint("(StorageKernels = true)"));
    }
}
