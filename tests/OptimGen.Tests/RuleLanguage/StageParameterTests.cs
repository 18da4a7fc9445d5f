using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Stages on the parameters of a rule's method.</summary>
public sealed partial class StageParameterTests
{
    private static readonly float[][] Gradients = [[0.5f, -2, 0], [1.5f, -1, 0.25f], [-0.75f, 3, 0], [0.1f, 0.2f, 1e-3f], [2, 0, -1]];

    [Optimizer, Ewa(0.8), RmsNormalize(0.95, Epsilon = 1e-5), BiasCorrection]
    private sealed partial class AdamOfAttributes;

    [Optimizer]
    private sealed partial class AdamOfOneParameter
    {
        [Hyperparameter] public float LearningRate { get; set; } = 1e-3f;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [Ewa(0.8), RmsNormalize(0.95, Epsilon = 1e-5), BiasCorrection] float direction, float learningRate) =>
            parameter - learningRate * direction;
    }

    [Fact]
    public void AdamOnAParameter_IsAdam()
    {
        Agrees(p => new AdamOfOneParameter(p));
        Optimizer<float> expected = new AdamOfAttributes(SetOf(1, 2, 3)), actual = new AdamOfOneParameter(SetOf(1, 2, 3));
        Assert.Equal(["firstMoment", "secondMoment"], actual.Definition.States.Select(state => state.Name));
        Assert.Equal(["LearningRate", "Beta1", "Beta2", "Epsilon"], actual.Definition.Hyperparameters.Select(one => one.Name));
        foreach (float[] gradient in Gradients)
        {
            Close(expected.StepOn(gradient), actual.StepOn(gradient));
            Assert.Equal(expected.StateOf("firstMoment"), actual.StateOf("firstMoment"));
            Assert.Equal(expected.StateOf("secondMoment"), actual.StateOf("secondMoment"));
        }
    }

    [Optimizer]
    private sealed partial class AdamOfTwoParameters
    {
        [Hyperparameter] public float LearningRate { get; set; } = 1e-3f;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [Ewa(0.8), BiasCorrection] float moment, [RmsNormalize(0.95, Epsilon = 1e-5), BiasCorrection] float normalized,
            [Previous("momentFirstMoment")] float before, float learningRate) =>
            parameter - learningRate * (gradient == 0 && before == 7 ? normalized : moment * (normalized / gradient));
    }

    [Fact]
    public void TwoStagedParameters_HaveNamesWithPrefixes()
    {
        Agrees(p => new AdamOfTwoParameters(p));
        Optimizer<float> expected = new AdamOfAttributes(SetOf(1, 2)), actual = new AdamOfTwoParameters(SetOf(1, 2));
        Assert.Equal(["momentFirstMoment", "normalizedSecondMoment"], actual.Definition.States.Select(state => state.Name));
        Assert.Equal(["LearningRate", "MomentBeta1", "NormalizedBeta2", "NormalizedEpsilon"], actual.Definition.Hyperparameters.Select(one => one.Name));
        foreach (float[] gradient in (float[][])[[1, -2], [0.5f, 3]])
        {
            Close(expected.StepOn(gradient), actual.StepOn(gradient));
        }
    }

    [Optimizer, HeavyBall(0.75, Nesterov = true)]
    private sealed partial class NesterovOfAttributes;

    [Optimizer]
    private sealed partial class NesterovOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [HeavyBall(0.75, Nesterov = true)] float ahead) => MathF.FusedMultiplyAdd(-1e-3f, ahead, parameter);
    }

    [Fact]
    public void HeavyBall_WithNesterov_AndAParameterNamedLikeTheStagesOwnValue() => SameTrajectory(p => new NesterovOfAttributes(p), p => new NesterovOfParameter(p));

    [Optimizer, Ewa(0.9, Nesterov = true), BiasCorrection]
    private sealed partial class NesterovEwaOfAttributes;

    [Optimizer]
    private sealed partial class NesterovEwaOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [Ewa(0.9, Nesterov = true), BiasCorrection] float firstMoment) => MathF.FusedMultiplyAdd(-1e-3f, firstMoment, parameter);
    }

    [Fact]
    public void Ewa_WithNesterov_AndAParameterNamedLikeTheStagesState() => SameTrajectory(p => new NesterovEwaOfAttributes(p), p => new NesterovEwaOfParameter(p));

    [Optimizer, RmsNormalize(0.9, Epsilon = 1e-4, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection]
    private sealed partial class InsideOfAttributes;

    [Optimizer]
    private sealed partial class InsideOfParameter
    {
        [UpdateRule]
        private static float Update(
            float parameter, [RmsNormalize(0.9, Epsilon = 1e-4, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection] float direction) =>
            MathF.FusedMultiplyAdd(-1e-3f, direction, parameter);
    }

    [Fact]
    public void RmsNormalize_InsideOfTheRoot() => SameTrajectory(p => new InsideOfAttributes(p), p => new InsideOfParameter(p));

    [Optimizer, RmsNormalize(0.9, Centered = true), BiasCorrection(FirstSteps = 3)]
    private sealed partial class CenteredOfAttributes;

    [Optimizer]
    private sealed partial class CenteredOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [RmsNormalize(0.9, Centered = true), BiasCorrection(FirstSteps = 3)] float variance) =>
            MathF.FusedMultiplyAdd(-1e-3f, variance, parameter);
    }

    [Fact]
    public void RmsNormalize_Centered_CorrectedForAFewSteps() => SameTrajectory(p => new CenteredOfAttributes(p), p => new CenteredOfParameter(p));

    [Optimizer, RmsNormalize(0.9, AmsGrad = true), BiasCorrection]
    private sealed partial class AmsGradOfAttributes;

    [Optimizer]
    private sealed partial class AmsGradOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [RmsNormalize(0.9, AmsGrad = true), BiasCorrection] float d) => MathF.FusedMultiplyAdd(-1e-3f, d, parameter);
    }

    [Fact]
    public void RmsNormalize_AmsGrad() => SameTrajectory(p => new AmsGradOfAttributes(p), p => new AmsGradOfParameter(p));

    [Optimizer, AdagradNormalize(AdagradForm.Mean)]
    private sealed partial class AdagradOfAttributes;

    [Optimizer]
    private sealed partial class AdagradOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [AdagradNormalize(AdagradForm.Mean)] float d) => MathF.FusedMultiplyAdd(-1e-3f, d, parameter);
    }

    [Fact]
    public void AdagradNormalize_Mean() => SameTrajectory(p => new AdagradOfAttributes(p), p => new AdagradOfParameter(p));

    [Optimizer, InfinityNormalize(0.9)]
    private sealed partial class InfinityOfAttributes;

    [Optimizer]
    private sealed partial class InfinityOfParameter
    {
        [UpdateRule]
        private static float Update(float parameter, [InfinityNormalize(0.9)] float d) => MathF.FusedMultiplyAdd(-1e-3f, d, parameter);
    }

    [Fact]
    public void InfinityNormalize_OnAParameter() => SameTrajectory(p => new InfinityOfAttributes(p), p => new InfinityOfParameter(p));

    [Optimizer, ClipByValue(1), WeightDecay(0.1), Ewa(0.9)]
    private sealed partial class ClippedOfAttributes;

    [Optimizer]
    private sealed partial class ClippedOfParameters
    {
        [UpdateRule]
        private static float Update(float parameter, [ClipByValue(1), WeightDecay(0.1)] float gradient, [Ewa(0.9)] float moment) =>
            MathF.FusedMultiplyAdd(-1e-3f, moment, parameter) + 0 * gradient;
    }

    [Fact]
    public void StagesOnTheGradient_ComeFirst()
    {
        SameTrajectory(p => new ClippedOfAttributes(p), p => new ClippedOfParameters(p));
        var optimizer = new SeesItsGradient(SetOf(10));
        // Clipped to 1, then decayed: 1 + 0.5·10.
        Assert.Equal([6], optimizer.StepOn(4));
        Assert.Equal(4, optimizer.Parameters["w"].Gradients[0]);
        Agrees(p => new SeesItsGradient(p));
    }

    [Optimizer]
    private sealed partial class SeesItsGradient
    {
        [UpdateRule]
        private static float Update([WeightDecay(0.5), ClipByValue(1)] float gradient) => gradient;
    }

    [Optimizer]
    private sealed partial class ReducedStageState
    {
        [Reduce(Reduction.Sum)]
        private static float MomentSum(float firstMoment) => firstMoment;

        [UpdateRule]
        private static float Update(float parameter, [Ewa(0.5)] float m, float momentSum, [Previous("firstMoment")] float firstMomentBefore) => momentSum + 0 * m + 100 * firstMomentBefore;
    }

    [Fact]
    public void AStagesState_CanBeReducedAndViewed()
    {
        Agrees(p => new ReducedStageState(p));
        var optimizer = new ReducedStageState(SetOf(0, 0));
        Assert.Equal([0, 0], optimizer.StepOn(2, 4));
        Assert.Equal([3 + 100, 3 + 200], optimizer.StepOn(0, 0));
    }

    [Optimizer]
    private sealed partial class ScaledLikeTheStages
    {
        [Hyperparameter] public float MeanScale { get; set; } = 2;

        [Hyperparameter] public float DScale { get; set; } = 3;

        [PerStep]
        private static void Prepare(out double rootScale, out double biasCorrection2) => (rootScale, biasCorrection2) = (5, 7);

        [UpdateRule]
        private static float Update(
            float parameter, [Ewa(0.5), RmsNormalize(0.9, Epsilon = 0, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection] float d,
            float meanScale, float dScale, float rootScale, float biasCorrection2) =>
            d * meanScale * dScale * rootScale * biasCorrection2;
    }

    [Fact]
    public void Scalars_NamedLikeThoseOfTheStages()
    {
        Agrees(p => new ScaledLikeTheStages(p));
        // Corrected, the first direction is g/√g² = ±1.
        Assert.All(new ScaledLikeTheStages(SetOf(0, 0)).StepOn(3, -0.5f), value => Assert.Equal(210, MathF.Abs(value), 1e-3f));
    }

    private static void SameTrajectory(Func<ParameterSet, Optimizer<float>> expected, Func<ParameterSet, Optimizer<float>> actual)
    {
        Agrees(actual);
        Optimizer<float> one = expected(SetOf(1, 2, 3)), other = actual(SetOf(1, 2, 3));
        foreach (float[] gradient in Gradients)
        {
            Close(one.StepOn(gradient), other.StepOn(gradient));
        }
    }

    /// <summary>A rule that is a stack of attributes folds the bias corrections into its step size, so its last bits differ.</summary>
    private static void Close(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 3e-6f * MathF.Max(1, MathF.Abs(expected[i])));
        }
    }
}
