// Rules that the tests compile for Arm beside the catalogue: what no optimizer of the catalogue has.
using System;

namespace OptimGen.Neon.Tests.Rules;

// Its correction ends after two steps, so that the kernel for the steps without one runs too.
[Optimizer, ClipByValue(1.5), Ewa(0.9, Nesterov = true), RmsNormalize(0.99, Centered = true), BiasCorrection(FirstSteps = 2)]
[DecoupledWeightDecay(0.01)]
public sealed partial class Everything;

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
public sealed partial class WaveStep
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 0.1f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float wave, float learningRate)
    {
        wave = RuleMath.Sin(parameter);
        return parameter - learningRate * RuleMath.Cos(gradient);
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

[Optimizer(Contract = true)]
public sealed partial class ReducedInDouble
{
    [Hyperparameter]
    public double LearningRate { get; set; } = 0.1;

    [Reduce(Reduction.MaxAbs)]
    private static double LargestGradient(double gradient) => gradient;

    [Reduce(Reduction.SumOfSquares)]
    private static double Squares(double parameter, double gradient, double learningRate) => parameter - learningRate * gradient;

    [UpdateRule]
    private static double Update(double parameter, double gradient, double learningRate, double largestGradient, double squares) =>
        parameter - learningRate * (gradient / (largestGradient + Math.Sqrt(squares) + 1));
}
