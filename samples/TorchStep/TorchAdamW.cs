using OptimGen;

namespace TorchStep;

/// <summary>
/// AdamW with the operations of <c>torch.optim.AdamW</c> in their order, each rounded where PyTorch's kernels for AVX2 round: the last multiplication and
/// the addition of <c>add</c> with <c>alpha</c> and of <c>addcmul</c> are one fused multiply-add there, and those of <c>addcdiv</c> are not. Source of the
/// order: <c>_single_tensor_adamw</c> of PyTorch 1.13, torch/optim/adamw.py; of the rounding: each operation of Debian's 1.13.1 on x64, compared bit by bit.
/// </summary>
[Optimizer]
internal sealed partial class TorchAdamW
{
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; } = 1e-2f;

    /// <summary>The scalars that PyTorch computes in Python, in double.</summary>
    [PerStep]
    private static void Scalars(
        long step, double learningRate, double beta1, double beta2, double weightDecay,
        out double decay, out double share1, out double share2, out double stepSize, out double rootCorrection)
    {
        decay = 1 - learningRate * weightDecay;
        share1 = 1 - beta1;
        share2 = 1 - beta2;
        stepSize = learningRate / (1 - Math.Pow(beta1, step));
        rootCorrection = Math.Sqrt(1 - Math.Pow(beta2, step));
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State] ref float secondMoment, float beta1, float beta2, float epsilon,
        float decay, float share1, float share2, float stepSize, float rootCorrection)
    {
        float decayed = parameter * decay;
        firstMoment = MathF.FusedMultiplyAdd(gradient, share1, firstMoment * beta1);
        secondMoment = MathF.FusedMultiplyAdd(share2 * gradient, gradient, secondMoment * beta2);
        float denominator = MathF.Sqrt(secondMoment) / rootCorrection + epsilon;
        return decayed - stepSize * firstMoment / denominator;
    }
}
