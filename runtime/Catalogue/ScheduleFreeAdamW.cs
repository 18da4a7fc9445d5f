using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Schedule-free AdamW: AdamW with the average of the iterates in the place of the first moment and of a falling learning rate. No length of the
/// training need be known.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> γ = η·min(t/T, 1), w = (max γ so far)², c = w/Σw;
/// v ← β₂v + (1−β₂)g²;
/// u = g/(√(v/(1−β₂ᵗ)) + ε) + λy;
/// y ← (1−c)y + cz − γ(1 − β₁(1−c))u;
/// z ← z − γu;
/// which keeps y = (1−β₁)z + β₁x for the average x ← (1−c)x + cz</para>
/// <para><b>Symbols.</b> y is the parameter, g its gradient, t the number of the step from 1, z <c>anchor</c>, v <c>secondMoment</c>; Σw and max γ
/// are kept in double, once for each group; η is LearningRate, βᵢ Betaᵢ, T WarmupSteps, ε Epsilon, λ WeightDecay.</para>
/// <para><b>Training and evaluation.</b> The parameters hold y, where the gradient is to be taken. The weights to evaluate are x, which is not
/// stored: <see cref="EvaluateAverages"/> puts it in place of y for as long as it is needed, <see cref="CopyAverages"/> copies it. Both invert y =
/// (1−β)z + βx by the β that is set, so leave β as it is during a training.</para>
/// <para><b>Epsilon.</b> Outside of the root, after bias correction.</para>
/// <para><b>Defaults.</b> η 2.5e-3, β₁ 0.9, β₂ 0.999, T 0, ε 1e-8, λ 0.</para>
/// <para><b>Differences.</b> As optax and the authors' newer code. The paper puts the bias correction √(1−β₂ᵗ) into γ, and so into the weights w too,
/// and leaves v uncorrected beside ε. The authors' code can also weigh step t by tʳ and raise γ to another power than 2; here r is 0. Keras weighs
/// every step alike. torch has no schedule-free AdamW.</para>
/// <para><b>Reference.</b> Defazio et al., "The road less scheduled", 2024, arXiv:2405.15682, algorithm 1</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class ScheduleFreeAdamW
{
    /// <summary>η, the learning rate. Initially 2.5e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 2.5e-3f;

    /// <summary>β₁, how near to the average the gradient is taken; in (0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MinIsExclusive = true, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>β₂, the weight of the past in the mean square; in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>T, the number of steps over which the learning rate grows; 0 for none. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WarmupSteps { get; set; }

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>λ, the decoupled weight decay, taken at y. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    /// <summary>Copies the averages x of one parameter: the weights to evaluate, to keep and to ship.</summary>
    /// <param name="parameter">A parameter of the optimizer's set.</param>
    /// <param name="averages">As many elements as the parameter has; it may be the parameter's own <see cref="Parameter{T}.Values"/>.</param>
    /// <exception cref="ArgumentException">The parameter is another set's, or <paramref name="averages"/> has another length.</exception>
    /// <exception cref="InvalidOperationException">
    /// No step has been taken, so there are no averages; or the parameters stand at averages already, and not at y.
    /// </exception>
    public void CopyAverages(Parameter<float> parameter, Span<float> averages)
    {
        ReadOnlySpan<float> anchor = GetState(parameter, "anchor");
        ScheduleFree.CopyAverages(this, parameter, anchor, For(parameter.Group).Beta1 ?? Beta1, averages);
    }

    /// <summary>
    /// Puts the averages x in place of the parameters until the result is disposed of: <c>using (optimizer.EvaluateAverages()) { … }</c>. Until
    /// then no optimizer over the same parameters takes a step.
    /// </summary>
    /// <returns>What puts the parameters back, bit by bit.</returns>
    /// <exception cref="InvalidOperationException">No step has been taken, so there are no averages; or the parameters stand at them already.</exception>
    public EvaluatedAverages EvaluateAverages() => DerivedAverages.Evaluate(this, CopyAverages);

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double beta1, double beta2, double warmupSteps,
        [State] ref double largestLearningRate, [State] ref double weightSum,
        out double weight2, out double rootCorrection, out double share, out double stepSize, out double anchorStepSize)
    {
        weight2 = 1 - beta2;
        rootCorrection = 1 / Math.Sqrt(1 - StepMath.Power(beta2, step));
        (anchorStepSize, share) = ScheduleFree.Advance(step, learningRate, warmupSteps, ref largestLearningRate, ref weightSum);
        stepSize = anchorStepSize * (1 - beta1 * (1 - share));
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(CopyOfParameter = true)] ref float anchor, [State(IsNonNegative = true)] ref float secondMoment,
        float beta2, float epsilon, float weightDecay, float weight2, float rootCorrection, float share, float stepSize, float anchorStepSize)
    {
        secondMoment = beta2 * secondMoment + weight2 * gradient * gradient;
        float direction = gradient / (MathF.Sqrt(secondMoment) * rootCorrection + epsilon) + weightDecay * parameter;
        float next = parameter + share * (anchor - parameter) - stepSize * direction;
        anchor -= anchorStepSize * direction;
        return next;
    }
}
