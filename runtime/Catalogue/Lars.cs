namespace OptimGen;

/// <summary>
/// LARS, layer-wise adaptive rate scaling: gradient descent with momentum, in which every tensor moves by a part of its own norm.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> r = ρ‖θ‖ / (‖g‖ + λ‖θ‖ + ε), or 1 where ‖θ‖ or ‖g‖ is 0;
/// b ← μb + ηr(g + λθ);
/// θ ← θ − b</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; b is <c>momentumBuffer</c>; η is LearningRate, μ
/// Momentum, ρ TrustCoefficient, λ WeightDecay, ε Epsilon; the norms are Euclidean and over one tensor.</para>
/// <para><b>Epsilon.</b> Added to the norms that the trust ratio is divided by.</para>
/// <para><b>Defaults.</b> η 1, μ 0.9, ρ 1e-3, λ 0, ε 0.</para>
/// <para><b>Differences.</b> optax divides by ‖g + λθ‖, where the paper has ‖g‖ + λ‖θ‖; with no weight decay both are the same. The learning rate is
/// inside of the momentum, as in the paper and in optax; torch has no LARS.</para>
/// <para><b>Reference.</b> You, Gitman and Ginsburg, "Large batch training of convolutional networks", 2017, arXiv:1708.03888, algorithm 1</para>
/// </remarks>
[Optimizer(StorageKernels = true)]
public sealed partial class Lars
{
    /// <summary>η, the learning rate. Initially 1.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1f;

    /// <summary>μ, the part of the momentum that stays; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Momentum { get; set; } = 0.9f;

    /// <summary>ρ, the part of its norm that a tensor moves by. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0, MinIsExclusive = true)]
    public float TrustCoefficient { get; set; } = 1e-3f;

    /// <summary>λ, the coupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    /// <summary>ε, what is added to the divisor of the trust ratio. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; }

    [Reduce(Reduction.Norm)]
    private static float ParameterNorm(float parameter) => parameter;

    [Reduce(Reduction.Norm)]
    private static float GradientNorm(float gradient) => gradient;

    [PerTensor]
    private static void Trust(
        double parameterNorm, double gradientNorm, double learningRate, double trustCoefficient, double weightDecay, double epsilon,
        out double length, out double divisor)
    {
        // The trust ratio as two numbers: the quotient itself overflows where the gradient is tiny.
        bool isScaled = parameterNorm > 0 && gradientNorm > 0;
        length = isScaled ? learningRate * trustCoefficient * parameterNorm : learningRate;
        divisor = isScaled ? gradientNorm + weightDecay * parameterNorm + epsilon : 1;
        if (divisor > float.MaxValue)
        {
            // A norm can be too large although no element is; then both are taken in a unit that is a power of two, which rounds nothing.
            (length, divisor) = (length / 65536, divisor / 65536);
        }
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float momentumBuffer, float momentum, float weightDecay, float length, float divisor)
    {
        momentumBuffer = momentum * momentumBuffer + length * ((gradient + weightDecay * parameter) / divisor);
        return parameter - momentumBuffer;
    }
}
