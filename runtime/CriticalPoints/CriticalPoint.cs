using System.Numerics;

namespace OptimGen;

/// <summary>
/// Tells what kind of point the parameters are at: a minimum, a saddle, a plateau. Where the gradient vanishes, the eigenvalues of the Hessian decide. In
/// high dimensions such a point is far more often a saddle than a minimum, because at a minimum every direction must curve upwards (Dauphin and others,
/// "Identifying and attacking the saddle point problem", NeurIPS 2014).
/// </summary>
/// <remarks>
/// The objective must be deterministic: it is computed twice and compared. Values and gradients of all parameters are put back to the bit, also when the
/// objective throws or is cancelled. Optimizers and their states are not touched. Results have the same bits on every machine, if those of the objective do.
/// Penalties on the weights are part of the objective only if it computes them; <see cref="Trainer{T}.Diagnose"/> adds the trainer's.
/// </remarks>
public static partial class CriticalPoint
{
    private const int UsualEigenvalueCount = 3;

    /// <summary>Computes the gradient and the extreme eigenvalues of the Hessian at the parameters, each with its error, and judges the point.</summary>
    /// <param name="parameters">The parameters, at the point. They are moved and put back to the bit.</param>
    /// <param name="objective">Computes the mean loss of the mini-batch and its gradient; deterministic.</param>
    /// <param name="batch">The examples.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <remarks>
    /// Up to <see cref="CriticalPointOptions{T}.FullHessianLimit"/> elements the whole Hessian is computed. Above, the eigenvalues come from Lanczos's method
    /// with a random start vector. Each is within its error of an eigenvalue of the Hessian; how often it occurs is not known, and copies of a multiple
    /// eigenvalue are left out. That no eigenvalue is below or above all of them is known with a probability
    /// (<see cref="CriticalPointAnalysis{T}.Confidence"/>) for the interval from <see cref="CriticalPointAnalysis{T}.SpectrumLow"/> to
    /// <see cref="CriticalPointAnalysis{T}.SpectrumHigh"/>, on which the verdicts minimum, maximum, plateau and degenerate rest. A saddle needs two
    /// eigenvalues only, and is certain up to their errors.
    /// </remarks>
    /// <exception cref="ArgumentException">The set or the group has no parameters, or the group is one of another set, or the batch is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is not allowed, such as more eigenvalues than there are elements.</exception>
    /// <exception cref="InvalidOperationException">
    /// A cost or a gradient is not finite, or the objective is not deterministic, or the products that the options compute are not those of the Hessian.
    /// </exception>
    /// <exception cref="OperationCanceledException">The analysis was cancelled.</exception>
    public static CriticalPointAnalysis<T> Analyze<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CriticalPointOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CriticalPointOptions<T>();
        using FixedObjective<T> point = Begin(parameters, objective, batch, options);
        return AnalyzeAt(point, options);
    }

    private static FixedObjective<T> Begin<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CriticalPointOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var selection = new ParameterSelection<T>(parameters, options.Group);
        options.Validate(selection.Length);
        return new FixedObjective<T>(selection, objective, batch, options.CancellationToken);
    }

    private static CriticalPointAnalysis<T> AnalyzeAt<T>(FixedObjective<T> point, CriticalPointOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new RandomDirection(options.Seed);
        (DifferenceProducts<T> differences, IHessianProducts products) = Products(point, options, ref random);
        int count = options.EigenvalueCount ?? Math.Min(UsualEigenvalueCount, point.Length);
        SpectrumEnds<T> ends = SpectrumEnds<T>.Compute(products, point.Selection, count, options, random);
        point.RequireSamePoint();
        double norm = DenseVector.Norm(point.Gradient);
        var analysis = new CriticalPointAnalysis<T>
        {
            Dimension = point.Length,
            Cost = point.Cost,
            CostNoise = differences.CostNoise,
            GradientNorm = norm,
            GradientNoise = differences.GradientNoise,
            RelativeGradientNorm = norm * point.Scale / Math.Max(Math.Abs(point.Cost), 1),
            Smallest = ends.Smallest,
            Largest = ends.Largest,
            SpectrumLow = ends.Low,
            SpectrumHigh = ends.High,
            Confidence = ends.Confidence,
            Evaluations = point.Evaluations,
        };
        (CriticalPointVerdict verdict, string reason) = CriticalPointJudgement.Of(analysis, point.Scale, options);
        return analysis with { Verdict = verdict, Reason = reason };
    }

    private static (DifferenceProducts<T> Differences, IHessianProducts Products) Products<T>(
        FixedObjective<T> point, CriticalPointOptions<T> options, ref RandomDirection random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        point.EvaluatePoint();
        double[] direction = random.Next(point.Length);
        var differences = new DifferenceProducts<T>(point, direction);
        return options.HessianVectorProduct is { } multiply
            ? (differences, new ExactProducts<T>(point, multiply, differences, direction))
            : (differences, differences);
    }
}
