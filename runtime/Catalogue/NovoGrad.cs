namespace OptimGen;

/// <summary>
/// NovoGrad: momentum over gradients that are normalized by the running norm of their tensor; one second moment for each tensor in place of one for
/// each element.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> v ← ‖g‖² at t = 1, then β₂v + (1−β₂)‖g‖²;
/// m ← β₁m + g/(√v + ε) + λθ;
/// θ ← θ − ηm</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>; v is kept in double, once for
/// each tensor; η is LearningRate, βᵢ Betaᵢ, ε Epsilon, λ WeightDecay; the norm is Euclidean and over one tensor.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> η 1e-2, β₁ 0.95, β₂ 0.98, ε 1e-8, λ 0.</para>
/// <para><b>Differences.</b> optax has β₁ 0.9, β₂ 0.25 and ε 1e-6, and adds a second ε under the root if asked; the rule is the same. The average is
/// the heavy-ball one, without 1−β₁, so the step is about 1/(1−β₁) times as long as Adam's at the same learning rate. torch and Keras have no
/// NovoGrad.</para>
/// <para><b>Reference.</b> Ginsburg et al., "Stochastic gradient methods with layer-wise adaptive moments for training of deep networks", 2019,
/// arXiv:1905.11286, algorithm 1</para>
/// </remarks>
[Optimizer(StorageKernels = true)]
public sealed partial class NovoGrad
{
    /// <summary>η, the learning rate. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>β₁, the part of the momentum that stays; in [0, 1). Initially 0.95.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.95f;

    /// <summary>β₂, the weight of the past in the tensor's squared norm; in [0, 1). Initially 0.98.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.98f;

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>λ, the weight decay, which the momentum averages but the norm does not see. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [Reduce(Reduction.SumOfSquares)]
    private static float GradientSquare(float gradient) => gradient;

    [PerTensor]
    private static void Normalize(long step, double gradientSquare, double beta2, double epsilon, [State] ref double secondMoment, out double scale)
    {
        secondMoment = step == 1 ? gradientSquare : beta2 * secondMoment + (1 - beta2) * gradientSquare;
        scale = 1 / (Math.Sqrt(secondMoment) + epsilon);
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, float learningRate, float beta1, float weightDecay, float scale)
    {
        firstMoment = beta1 * firstMoment + (gradient * scale + weightDecay * parameter);
        return parameter - learningRate * firstMoment;
    }
}
