// These declarations are compiled twice: into this assembly, whose scalar kernels are the reference, and by the tests themselves for Arm.
// A rule that is added here is proven with the others.
using System;

namespace OptimGen.Neon.Tests.Rules;

[Optimizer(LearningRate = 0.05)]
public sealed partial class PlainDescent;

[Optimizer, Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
public sealed partial class Adam;

[Optimizer, Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-4, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection, WeightDecay(0.01)]
public sealed partial class AdamInsideRoot;

// Its correction ends after two steps, so that the kernel for the steps without one runs too.
[Optimizer, ClipByValue(1.5), Ewa(0.9, Nesterov = true), RmsNormalize(0.99, Centered = true), BiasCorrection(FirstSteps = 2)]
[DecoupledWeightDecay(0.01)]
public sealed partial class Everything;

[Optimizer, Ewa(0.9), RmsNormalize(0.99, AmsGrad = true), BiasCorrection, DecoupledWeightDecay(0.1)]
public sealed partial class AmsGrad;

[Optimizer, RmsNormalize(0.9, Centered = true)]
public sealed partial class CenteredRms;

[Optimizer, AdagradNormalize]
public sealed partial class AdagradSum;

[Optimizer, AdagradNormalize(AdagradForm.Mean, Epsilon = 1e-6, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
public sealed partial class AdagradMean;

[Optimizer, Ewa(0.9), InfinityNormalize(0.999), BiasCorrection]
public sealed partial class Adamax;

[Optimizer, WeightDecay(0.001), HeavyBall(0.9, Nesterov = true)]
public sealed partial class NesterovMomentum;

[Optimizer, Ewa(0.9), SignUpdate]
public sealed partial class Signum;

[Optimizer, Ewa(0.9), BiasCorrection, TrackAverage]
public sealed partial class Smoother;

// The functions of RuleMath, whose text is in the runtime's assembly and must be inlined from there.
[Optimizer]
public sealed partial class ExponentialStep
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 0.1f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float average, float learningRate)
    {
        average = RuleMath.Log(float.Abs(gradient));
        return parameter * RuleMath.Exp(learningRate * gradient);
    }
}

[Optimizer]
public sealed partial class SaturatingStep
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 0.1f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float root, float learningRate)
    {
        root = RuleMath.Cbrt(gradient);
        return parameter - learningRate * RuleMath.Tanh(gradient);
    }
}

[Optimizer]
public sealed partial class PowerStep
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 0.1f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float power, float learningRate)
    {
        power = RuleMath.Pow(parameter, gradient);
        return parameter - learningRate * gradient;
    }
}

/// <summary>Branches, a state viewed as it was, a scalar of the step, and the functions that choose between values.</summary>
[Optimizer]
public sealed partial class BranchingStep
{
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.01f;

    [PerStep]
    private static void WarmUp(long step, double learningRate, out double rate) => rate = learningRate / step;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(InitialValue = 0.1)] ref float stepSize, [State] ref float last, [Previous("last")] float before, float rate)
    {
        if (gradient * before > 0)
        {
            stepSize = MathF.Min(stepSize * 1.2f, 50);
        }
        else if (gradient * before < 0)
        {
            stepSize = MathF.Max(stepSize * 0.5f, 1e-6f);
            gradient = 0;
        }

        last = Math.Clamp(gradient, -10, 10);
        float size = gradient != 0 || MathF.Abs(parameter) < rate ? stepSize : -stepSize;
        return parameter - rate * MathF.CopySign(size, gradient);
    }
}
