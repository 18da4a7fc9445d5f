using OptimGen;

namespace Consumer;

/// <summary>A rule made of attributes.</summary>
[Optimizer, Ewa(0.9f), RmsNormalize(0.99f, Epsilon = 1e-8f), BiasCorrection, DecoupledWeightDecay(0.001f)]
public sealed partial class ByAttributes;

/// <summary>A rule made of a method, with everything that may stand beside it.</summary>
[Optimizer]
public sealed partial class ByMethod
{
    /// <summary>The learning rate.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.02f;

    /// <summary>The weight of the past in the momentum.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta { get; set; } = 0.9f;

    [PerStep]
    private static void WarmUp(long step, double learningRate, out double rate, out bool warm)
    {
        warm = step > 10;
        rate = warm ? learningRate : learningRate * step / 10;
    }

    [Reduce(Reduction.Norm)]
    private static float ParameterNorm(float parameter) => parameter;

    [Reduce(Reduction.Norm)]
    private static float GradientNorm(float gradient) => gradient;

    [PerTensor]
    private static void Ratio(double parameterNorm, double gradientNorm, out double ratio) =>
        ratio = parameterNorm > 0 && gradientNorm > 0 ? parameterNorm / gradientNorm : 1;

    [UpdateRule]
    private static float Update(
        float parameter, [ClipByValue(10f)] float gradient, [State] ref float momentum, [State] ref float gate,
        float beta, float rate, float ratio, bool warm)
    {
        momentum = beta * momentum + (1 - beta) * gradient;
        gate = warm ? RuleMath.Tanh(gate + momentum * gradient) : 1;
        return parameter - rate * ratio * momentum * (2 + gate);
    }
}
