namespace OptimGen;

/// <summary>
/// ASGD, averaged stochastic gradient descent: gradient descent with a falling step size, beside which the average of the parameters is kept. The
/// average is what to evaluate (<see cref="EvaluateAverages"/>).
/// </summary>
/// <remarks>
/// <para><b>Update.</b> ηₜ = η/(1 + Λη(t−1))^α;
/// μₜ = 1/max(1, t − 1 − t₀);
/// g ← g + λθ;
/// θ ← θ(1−Ληₜ) − ηₜg;
/// ā ← θ if μₜ = 1, else ā + μₜ(θ − ā)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; ā is <c>average</c>; η is LearningRate, Λ Lambda, α
/// Alpha, t₀ T0, λ WeightDecay.</para>
/// <para><b>Epsilon.</b> There is none.</para>
/// <para><b>Defaults.</b> η 1e-2, Λ 1e-4, α 0.75, t₀ 1e6, λ 0. Until step t₀ + 2 the average is the parameter itself.</para>
/// <para><b>Differences.</b> As torch, except that a change of the learning rate holds from the next step, where torch's holds one step later. Keras
/// and optax have no ASGD.</para>
/// <para><b>Reference.</b> Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; the step sizes are Bottou's</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Asgd
{
    /// <summary>η, the learning rate at the first step. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>Λ, the decay of the parameters and of the step size. Initially 1e-4.</summary>
    [Hyperparameter(Min = 0)]
    public float Lambda { get; set; } = 1e-4f;

    /// <summary>α, the power of the step size's decay. Initially 0.75.</summary>
    [Hyperparameter(Min = 0)]
    public float Alpha { get; set; } = 0.75f;

    /// <summary>t₀, the step at which averaging starts. Initially 1e6.</summary>
    [Hyperparameter(Min = 0)]
    public float T0 { get; set; } = 1e6f;

    /// <summary>λ, the coupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    /// <summary>Copies the averages ā of one parameter.</summary>
    /// <param name="parameter">A parameter of the optimizer's set.</param>
    /// <param name="averages">As many elements as the parameter has.</param>
    /// <exception cref="ArgumentException">The parameter is another set's, or <paramref name="averages"/> has another length.</exception>
    /// <exception cref="InvalidOperationException">No step has been taken, so there are no averages.</exception>
    public void CopyAverages(Parameter<float> parameter, Span<float> averages)
    {
        ReadOnlySpan<float> average = GetState(parameter, "average");
        DerivedAverages.Require(this, parameter, averages);
        average.CopyTo(averages);
    }

    /// <summary>
    /// Puts the averages in place of the parameters until the result is disposed of: <c>using (optimizer.EvaluateAverages()) { … }</c>. Until
    /// then no optimizer over the same parameters takes a step.
    /// </summary>
    /// <returns>What puts the parameters back, bit by bit.</returns>
    /// <exception cref="InvalidOperationException">No step has been taken, so there are no averages; or the parameters stand at them already.</exception>
    public EvaluatedAverages EvaluateAverages() => DerivedAverages.Evaluate(this, CopyAverages);

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double lambda, double alpha, double t0,
        out bool averaging, out double stepSize, out double averageWeight, out double shrink)
    {
        stepSize = learningRate / RuleMath.Pow(1 + lambda * learningRate * (step - 1), alpha);
        shrink = 1 - lambda * stepSize;
        averaging = step - 1 - t0 > 1;
        averageWeight = 1 / Math.Max(1, step - 1 - t0);
    }

    [UpdateRule]
    private static float Update(
#pragma warning disable OPTG030 // The average is what the method is for: it is read by States, and the iterates go on without it.
        float parameter, float gradient, [State(CopyOfParameter = true)] ref float average,
#pragma warning restore OPTG030
        float weightDecay, bool averaging, float stepSize, float averageWeight, float shrink)
    {
        float next = parameter * shrink - stepSize * (gradient + weightDecay * parameter);
        average = averaging ? average + averageWeight * (next - average) : next;
        return next;
    }
}
