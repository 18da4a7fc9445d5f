namespace OptimGen;

/// <summary>
/// Sophia's update: momentum over the curvature of each element, clipped to the learning rate. The curvature is given: an estimate of the diagonal of
/// the Hessian, which the user writes where <see cref="GetCurvature"/> points, as often as it is computed.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g;
/// θ ← θ(1−ηλ) − η·clamp(m / max(γh, ε), ±1)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>, h <c>curvature</c>, which a
/// step only reads; η is LearningRate, β₁ Beta1, γ Gamma, ε Epsilon, λ WeightDecay.</para>
/// <para><b>The curvature.</b> Sophia averages its estimates, h ← β₂h + (1−β₂)ĥ with β₂ 0.99, every ten steps or so; ĥ is r∘(Hr) with random signs r
/// (Sophia-H), or the batch size times the square of a gradient taken with sampled labels (Sophia-G). An <see cref="ExponentiallyWeightedAverage"/>
/// without bias correction keeps such an average:</para>
/// <code>
/// average.Add(estimate);
/// average.Values.CopyTo(optimizer.GetCurvature(weights));
/// </code>
/// <para>While h is 0, as before the first estimate, and where it is negative, an element moves by the sign of m.</para>
/// <para><b>Epsilon.</b> The smallest value of γh.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.965, γ 0.01 (of Sophia-H; 0.05 for Sophia-G), ε 1e-12, λ 0.</para>
/// <para><b>Differences.</b> optax corrects m by 1−β₁ᵗ, has ε 1e-8 and λ 1e-4, and estimates h itself by Sophia-H. torch and Keras have no
/// Sophia.</para>
/// <para><b>Reference.</b> Liu, Li, Hall, Liang and Ma, "Sophia: a scalable stochastic second-order optimizer for language model pre-training", 2024,
/// arXiv:2305.14342, algorithm 3</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Sophia
{
    /// <summary>η, the learning rate, which is also the longest step. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>β₁, the weight of the past in the gradient's average; in [0, 1). Initially 0.965.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.965f;

    /// <summary>γ, the factor of the curvature: the smaller, the more elements are clipped. Initially 0.01.</summary>
    [Hyperparameter(Min = 0)]
    public float Gamma { get; set; } = 0.01f;

    /// <summary>ε, the smallest divisor. Initially 1e-12.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-12f;

    /// <summary>λ, the decoupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    /// <summary>The curvature h of one parameter, to write to; 0 at first. It holds until it is written anew.</summary>
    /// <param name="parameter">A parameter of the optimizer's set.</param>
    /// <exception cref="ArgumentException">The parameter is another set's.</exception>
    public Span<float> GetCurvature(Parameter<float> parameter) => GetState(parameter, "curvature");

    [PerStep]
    private static void Prepare(double learningRate, double beta1, double weightDecay, out double weight1, out double shrink)
    {
        weight1 = 1 - beta1;
        shrink = 1 - learningRate * weightDecay;
    }

    [UpdateRule]
    private static float Update(
#pragma warning disable OPTG031 // Whoever estimates the curvature writes it, every few steps.
        float parameter, float gradient, [State] ref float firstMoment, [State] ref float curvature,
#pragma warning restore OPTG031
        float learningRate, float beta1, float gamma, float epsilon, float weight1, float shrink)
    {
        firstMoment = beta1 * firstMoment + weight1 * gradient;
        return parameter * shrink - learningRate * Math.Clamp(firstMoment / MathF.Max(gamma * curvature, epsilon), -1f, 1f);
    }
}
