using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using OptimGen.Generator.Tests.Harness;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests;

/// <summary>The kernels over a list of rows: which rules have them, what they change, and that those for Arm give the bits of steps over all elements.</summary>
public sealed class RowKernelTests
{
    private const string Rules = """
        using OptimGen;

        namespace Rows;

        [Optimizer(RowKernels = true), Ewa(0.9), RmsNormalize(0.999), BiasCorrection, DecoupledWeightDecay(0.01)]
        public sealed partial class AdamW;

        [Optimizer(RowKernels = true)]
        public sealed partial class Flagged
        {
            [PerStep]
            private static void Choose(long step, out bool rows, out float k) => (rows, k) = (step % 2 == 0, 0.1f / step);

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float row, bool rows, float k)
            {
                float ahead = rows ? gradient : 2 * gradient;
                row = (0.5f * row) + ahead;
                return parameter - (k * row);
            }
        }

        [Optimizer(RowKernels = true)]
        public sealed partial class Means
        {
            [PerStep]
            private static void Choose(long step, out bool rows) => rows = step % 2 == 0;

            [UpdateRule]
            private static float Update(
                float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float later, [State(Granularity = StateGranularity.Row)] ref float sooner,
                [State] ref float moment, bool rows)
            {
                moment = (0.5f * moment) + gradient;
                sooner = rows ? sooner + (gradient * gradient) : gradient * moment;
                later = (0.5f * later) + (sooner * moment);
                return parameter - (0.125f * later) - (0.0625f * moment);
            }
        }
        """;

    /// <summary>Vectors of 128 bits, which every processor has, in place of those of this machine.</summary>
    [Theory, InlineData("AdamW"), InlineData("Flagged"), InlineData("Means")]
    public void KernelsForArm_GiveTheBitsOfStepsOverAllElements(string rule)
    {
        GeneratedProject project = GeneratedProject.Create(
            "Rows", [Rules],
            file => file.Replace("new Avx512Kernels(", "new NeonKernels(", StringComparison.Ordinal).Replace("new Avx2Kernels(", "new NeonKernels(", StringComparison.Ordinal));
        Type type = project.Load(out AssemblyLoadContext context).GetType("Rows." + rule, throwOnError: true)!;
        foreach (int width in new[] { 3, 4, 8, 21 })
        {
            (Optimizer<float> byRows, Optimizer<float> dense) = (Make(), Make());
            dense.InstructionSet = InstructionSet.Scalar;
            byRows.UpdateByRows(byRows.Parameters[0], RowUpdates.CaughtUp, mostMissedSteps: 2);
            for (int step = 0; step < 6; step++)
            {
                float[] gradients = [.. Enumerable.Range(0, 2 * width).Select(i => i - (3.5f * step))];
                int[] rows = [step, 9];
                dense.Parameters[0].Gradients.Clear();
                gradients.AsSpan(0, width).CopyTo(dense.Parameters[0].Gradients[(step * width)..]);
                gradients.AsSpan(width).CopyTo(dense.Parameters[0].Gradients[(9 * width)..]);
                byRows.MaxGradientNorm = dense.MaxGradientNorm = step % 3 == 2 ? 1.5 : null;
                byRows.StepRows(byRows.Parameters[0], rows, gradients);
                dense.Step();
            }

            byRows.CatchUp();
            Assert.NotEqual(InstructionSet.Scalar, byRows.InstructionSet);
            Assert.Equal(dense.Parameters[0].Values.ToArray(), byRows.Parameters[0].Values.ToArray());

            Optimizer<float> Make()
            {
                var parameters = new ParameterSet();
                parameters.Add("table", 10, width).Values.Fill(0.75f);
                return (Optimizer<float>)Activator.CreateInstance(type, parameters, new OptimizerOptions())!;
            }
        }

        context.Unload();
    }

    [Theory]
    [InlineData("[Optimizer, Ewa(0.9)] partial class A;", false)]
    [InlineData("[Optimizer(StorageKernels = true), Ewa(0.9)] partial class A;", false)]
    [InlineData("[Optimizer(RowKernels = false), Ewa(0.9)] partial class A;", false)]
    [InlineData("[Optimizer(RowKernels = true), Ewa(0.9)] partial class A;", true)]
    [InlineData("[Optimizer(RowKernels = true, StorageKernels = true), Ewa(0.9)] partial class A;", true)]
    [InlineData("[Optimizer(RowKernels = true)] partial class A;", true)]
    [InlineData("[Optimizer(RowKernels = true, ElementType = typeof(double))] partial class A;", true)]
    [InlineData("[Optimizer(RowKernels = true)] partial class A { [UpdateRule] static float U(float parameter) => RuleMath.Exp(parameter); }", true)]
    [InlineData("[Optimizer(RowKernels = true)] partial class A { [UpdateRule] static double U(double parameter, double gradient, [State(Granularity = StateGranularity.Row)] ref double s) { s += gradient; return parameter - s; } }", true)]
    [InlineData("[Optimizer(RowKernels = true)] partial class A { [UpdateRule] static float U(float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float s) { s++; return parameter; } }", true)]
    [InlineData("[Optimizer] partial class A { [UpdateRule] static float U(float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float s) { s += gradient; return parameter - s; } }", false)]
    [InlineData("[Optimizer(RowKernels = true)] partial class A { [Reduce(Reduction.Norm)] static float Size(float gradient) => gradient; [PerTensor] static void T(double size, out float r) => r = (float)size; [UpdateRule] static float U(float parameter, float r) => parameter - r; }", false)]
    public void RulesHaveThem_ThatAskForThem_AndHaveNoReductions(string declaration, bool haveThem)
    {
        GeneratorRun test = GeneratorTest.Run("using OptimGen;\n" + declaration);
        foreach (string kernels in new[] { test.Kernels("Avx512"), test.Kernels("Neon"), test.Kernels("Scalar") })
        {
            Assert.Equal(haveThem, kernels.Contains("public override void UpdateRows(in RowStreams<", StringComparison.Ordinal));
            Assert.Equal(haveThem && declaration.Contains("Row)] ref", StringComparison.Ordinal), kernels.Contains("public override void ReduceRows(int state, in RowStreams<", StringComparison.Ordinal));
        }
    }

    /// <summary>Checkpoints name the fingerprint.</summary>
    [Fact]
    public void TheyDoNotChangeTheFingerprint()
    {
        string Fingerprint(string options) => GeneratorTest.Run($"using OptimGen;\n[Optimizer{options}, Ewa(0.9)] partial class A;").Rule.Split("Fingerprint = ")[1].Split(',')[0];
        Assert.Equal(Fingerprint(""), Fingerprint("(RowKernels = true)"));
    }

    /// <summary>What they add is lines; every other line is that of a rule that does not ask for them.</summary>
    [Fact]
    public void TheyChangeNoOtherKernel()
    {
        string[] Lines(string options) => [.. GeneratorTest.Run($"using OptimGen;\n[Optimizer{options}, Ewa(0.9), WeightDecay(0.1)] partial class A;").Files.Values.Single().Split('\n')];
        string[] without = Lines(""), with = Lines("(RowKernels = true)");
        int matched = 0;
        foreach (string line in with)
        {
            matched += matched < without.Length && line == without[matched] ? 1 : 0;
        }

        Assert.Equal(without.Length, matched);
        Assert.True(with.Length > without.Length);
    }
}
