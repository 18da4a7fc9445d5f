using OptimGen.CompilerServices;

namespace OptimGen.Tests.RowGranularity;

/// <summary>The oracle of users knows states of rows by the method alone, and finds a kernel that does not.</summary>
public class RowRuleCheckTests
{
    private static readonly RuleCheckOptions Options = new() { Lengths = [1, 3, 12, 16, 34, 63, 130, 257] };

    [Fact]
    public void RulesWithStatesOfRows_AgreeWithTheirMethods()
    {
        RuleCheckResult adam = RuleCheck.Require(parameters => new RowwiseAdam(parameters), Options);
        Assert.Equal(RuleCheckReference.Method, adam.Reference);
        Assert.Equal(0, adam.RefusedSteps);
        RuleCheck.Require(parameters => new RowwiseAdagrad(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow }, Options);
        RuleCheck.Require(parameters => new CountedRows(parameters) { GradientScale = 0.3, MaxGradientNorm = 2, ZeroGradientsAfterStep = true }, Options);
    }

    /// <summary>Branches, calls, truth values, a flag, stages, a reduction and two means, of which one depends on the other.</summary>
    [Fact]
    public void EverythingBesideAStateOfRows_AgreesToo()
    {
        RuleCheck.Require(parameters => new TwoMeans(parameters), Options);
        RuleCheck.Require(parameters => new BranchingRows(parameters), Options);
        RuleCheck.Require(
            parameters =>
            {
                var optimizer = new RowwiseAdam(parameters, new OptimizerOptions { StateStorage = Storage.BFloat16, RoundingSeed = 5 });
                optimizer.AverageParameters(0.5);
                return optimizer;
            },
            Options);
    }

    /// <summary>A rule that keeps the last value of the row in place of the mean differs where a row has two elements, and not before.</summary>
    [Fact]
    public void AKernelWithAnotherMean_IsFound()
    {
        RuleCheckResult result = RuleCheck.Run(parameters => new WithoutMean(parameters), new RuleCheckOptions { Lengths = [1, 6] });

        Assert.False(result.Agrees);
        Assert.Equal("sum", result.Difference!.Stream);
        Assert.Contains("of 6 elements", result.Report, StringComparison.Ordinal);
        Assert.True(RuleCheck.Run(parameters => new WithoutMean(parameters), new RuleCheckOptions { Lengths = [1] }).Agrees);
    }

    /// <summary>s ← s + g and θ ← θ − s, with a kernel by hand that has lanes of its own: the last element that it saw.</summary>
    private sealed class WithoutMean(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
    {
#pragma warning disable OPTG004 // The kernels of this rule are by hand.
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float sum)
        {
            sum += gradient;
            return parameter - sum;
        }
#pragma warning restore OPTG004

        private sealed class Rule() : StepRule<float>(new OptimizerDefinition("WithoutMean", ["sum += gradient;", "return parameter - sum;"], [], [new("sum") { Granularity = StateGranularity.Row }]) { IsMethod = true })
        {
            public override ReadOnlySpan<int> AssignedRowStates => [0];

            public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels();
        }

        private sealed class Kernels() : RuleKernels<float>(1)
        {
            public override void Update(in KernelStreams<float> streams)
            {
                for (int i = 0; i < (int)streams.Count; i++)
                {
                    System.Runtime.CompilerServices.Unsafe.Add(ref streams.Parameter, i) -= streams.RowMean(0);
                }
            }

            public override void ReduceRow(int state, in KernelStreams<float> streams, in StepPhase<float> phase, ref double lanes)
            {
                for (int i = 0; i < (int)streams.Count; i++)
                {
                    lanes = streams.RowState(0) + System.Runtime.CompilerServices.Unsafe.Add(ref streams.Gradient, i);
                }
            }
        }
    }
}
