namespace OptimGen;

/// <summary>
/// Schedule-free SGD: gradient descent whose average takes the place of a falling learning rate. No length of the training need be known.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> γ = η·min(t/T, 1), w = (max γ so far)², c = w/Σw;
/// g ← g + λy;
/// y ← (1−c)y + cz − γ(1 − β(1−c))g;
/// z ← z − γg;
/// which keeps y = (1−β)z + βx for the average x ← (1−c)x + cz</para>
/// <para><b>Symbols.</b> y is the parameter, g its gradient, t the number of the step from 1, z <c>anchor</c>; Σw and max γ are kept in double, once
/// for each group; η is LearningRate, β Momentum, T WarmupSteps, λ WeightDecay.</para>
/// <para><b>Training and evaluation.</b> The parameters hold y, where the gradient is to be taken. The weights to evaluate are x, which is not
/// stored: <see cref="EvaluateAverages"/> puts it in place of y for as long as it is needed, <see cref="CopyAverages"/> copies it. Both invert y =
/// (1−β)z + βx by the β that is set, so leave β as it is during a training.</para>
/// <para><b>Epsilon.</b> There is none.</para>
/// <para><b>Defaults.</b> η 1, β 0.9, T 0, λ 0.</para>
/// <para><b>Differences.</b> The authors' code can also weigh step t by tʳ, and raise γ to another power than 2; here r is 0. Its <c>eval()</c> and
/// <c>train()</c> convert in place, which rounds twice; here y comes back bit by bit. optax keeps y and z too; torch has no schedule-free SGD.</para>
/// <para><b>Reference.</b> Defazio et al., "The road less scheduled", 2024, arXiv:2405.15682</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class ScheduleFreeSgd
{
    /// <summary>η, the learning rate. Initially 1.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1f;

    /// <summary>β, how near to the average the gradient is taken; in (0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MinIsExclusive = true, MaxIsExclusive = true)]
    public float Momentum { get; set; } = 0.9f;

    /// <summary>T, the number of steps over which the learning rate grows; 0 for none. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WarmupSteps { get; set; }

    /// <summary>λ, the weight decay, taken at y. Initially 0.</summary>
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
        ScheduleFree.CopyAverages(this, parameter, anchor, For(parameter.Group).Momentum ?? Momentum, averages);
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
        long step, double learningRate, double momentum, double warmupSteps, [State] ref double largestLearningRate, [State] ref double weightSum,
        out double share, out double stepSize, out double anchorStepSize)
    {
        (anchorStepSize, share) = ScheduleFree.Advance(step, learningRate, warmupSteps, ref largestLearningRate, ref weightSum);
        stepSize = anchorStepSize * (1 - momentum * (1 - share));
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(CopyOfParameter = true)] ref float anchor,
        float weightDecay, float share, float stepSize, float anchorStepSize)
    {
        float decayed = gradient + weightDecay * parameter;
        float next = parameter + share * (anchor - parameter) - stepSize * decayed;
        anchor -= anchorStepSize * decayed;
        return next;
    }
}
