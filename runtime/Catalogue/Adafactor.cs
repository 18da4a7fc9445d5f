namespace OptimGen;

/// <summary>
/// Adafactor in its one-dimensional form: steps relative to the size of the tensor, over a root mean square whose memory grows, with the update clipped by
/// its own root mean square. It has no first moment and needs no tuned learning rate.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> V ← (1−t^−κ)V + t^−κ(g² + ε₁);
/// U = g/√V;
/// α = max(ε₂, RMS(θ))·min(η, 1/√t);
/// θ ← θ(1−ηλ) − α/max(1, RMS(U)/d)·U</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; V is <c>secondMoment</c>; η is LearningRate, κ
/// DecayRate, ε₁ Epsilon1, ε₂ Epsilon2, d ClipThreshold, λ WeightDecay; RMS(x) = √(Σx²/n) over one tensor.</para>
/// <para><b>Epsilon.</b> ε₁ is added to g², so that V is positive where every gradient has been 0; ε₂ is the smallest size that a tensor counts with,
/// so that one of zeros can leave them.</para>
/// <para><b>Defaults.</b> η 1e-2, κ 0.8, ε₁ 1e-30, ε₂ 1e-3, d 1, λ 0.</para>
/// <para><b>Differences.</b> As the paper, optax and Keras for vectors; for matrices they replace V by the product of a row's and a column's mean,
/// which this one does not: every tensor has a V of its own size. Torch bounds V from below by the square of its ε₁, 1.1920929e-7, instead of
/// adding to g²; gradients well above that have the same updates.</para>
/// <para><b>Reference.</b> Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018, arXiv:1804.04235, algorithm
/// 5</para>
/// </remarks>
[Optimizer(StorageKernels = true)]
public sealed partial class Adafactor
{
    /// <summary>η, the largest relative step. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>κ, the power of t that the newest square's weight falls by. Initially 0.8.</summary>
    [Hyperparameter(Min = 0)]
    public float DecayRate { get; set; } = 0.8f;

    /// <summary>ε₁, what is added to the square of a gradient. Initially 1e-30.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon1 { get; set; } = 1e-30f;

    /// <summary>ε₂, the smallest size that a tensor counts with. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon2 { get; set; } = 1e-3f;

    /// <summary>d, the root mean square above which an update is scaled down. Initially 1.</summary>
    [Hyperparameter(Min = 0, MinIsExclusive = true)]
    public float ClipThreshold { get; set; } = 1f;

    /// <summary>λ, the decoupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double decayRate, double weightDecay, out double kept, out double newest, out double relativeStep, out double shrink)
    {
        newest = 1 / RuleMath.Pow(step, decayRate);
        kept = 1 - newest;
        relativeStep = Math.Min(learningRate, 1 / Math.Sqrt(step));
        shrink = 1 - learningRate * weightDecay;
    }

    [Reduce(Reduction.SumOfSquares)]
    private static float ParameterSquare(float parameter) => parameter;

    /// <summary>The update is computed twice, here from the state before the step, so that it need not be stored.</summary>
    [Reduce(Reduction.SumOfSquares)]
    private static float DirectionSquare(float gradient, float secondMoment, float kept, float newest, float epsilon1) =>
        gradient / MathF.Sqrt(Average(gradient, secondMoment, kept, newest, epsilon1));

    [PerTensor]
    private static void Scale(
        long elementCount, double parameterSquare, double directionSquare, double relativeStep, double epsilon2, double clipThreshold, out double stepSize)
    {
        double size = Math.Max(epsilon2, Math.Sqrt(parameterSquare / elementCount));
        stepSize = size * relativeStep / Math.Max(1, Math.Sqrt(directionSquare / elementCount) / clipThreshold);
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient,
        [State(IsNonNegative = true)] ref float secondMoment, float kept, float newest, float epsilon1, float shrink, float stepSize)
    {
        secondMoment = Average(gradient, secondMoment, kept, newest, epsilon1);
        return parameter * shrink - stepSize * (gradient / MathF.Sqrt(secondMoment));
    }

    private static float Average(float gradient, float secondMoment, float kept, float newest, float epsilon1) =>
        kept * secondMoment + newest * (gradient * gradient + epsilon1);
}
