namespace OptimGen;

/// <summary>Steps by the sign of an average that weighs the newest gradient more than the average that is kept.</summary>
/// <remarks>
/// <para><b>Update.</b> θ ← θ·(1−ηλ), θ ← θ − η·sign(β₁m + (1−β₁)g), m ← β₂m + (1−β₂)g</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m the average of the
/// gradient (from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, λ <c>WeightDecay</c>, decoupled; sign(0) = 0.</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> The authors': η 1e-4, β₁ 0.9, β₂ 0.99, λ 0. A step is ±η, so η is a third to a tenth of AdamW's and λ as many
/// times larger.</para>
/// <para><b>Differences.</b> optax has λ 1e-3 by default, and smooth variants. Keras has η 1e-3. torch does not have it.</para>
/// <para><b>Reference.</b> Chen et al., 2023, Symbolic discovery of optimization algorithms, arXiv:2302.06675</para>
/// </remarks>
// Nothing is divided, so that in cache a step is bound by its operations; fused, they are a third fewer.
[Optimizer(Contract = true, StorageKernels = true, RowKernels = true)]
public sealed partial class Lion
{
    /// <summary>The learning rate η, not negative. Initially 1e-4.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-4f;

    /// <summary>The weight of the past in the direction, β₁ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>The weight of the past in the gradient's average, β₂ in [0, 1). Initially 0.99.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.99f;

    /// <summary>The coefficient λ of decoupled weight decay, which the average does not see; not negative. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep(IsPure = true)]
    private static void Weigh(
        double learningRate, double beta1, double beta2, double weightDecay, out double oneMinusBeta1, out double oneMinusBeta2, out double shrinkage)
    {
        oneMinusBeta1 = 1 - beta1;
        oneMinusBeta2 = 1 - beta2;
        shrinkage = learningRate * weightDecay;
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment,
        float learningRate, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float shrinkage)
    {
        float direction = beta1 * firstMoment + oneMinusBeta1 * gradient;
        firstMoment = beta2 * firstMoment + oneMinusBeta2 * gradient;
        return parameter - shrinkage * parameter - learningRate * MathF.Sign(direction);
    }
}
