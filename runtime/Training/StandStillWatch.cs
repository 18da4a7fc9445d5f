using System.Numerics;

namespace OptimGen;

/// <summary>
/// Detects that a run stands still at a small gradient, over windows of steps: the mean cost has fallen by less than its noise, or by less than a share of
/// itself or of what it has fallen since the first window, since the window before, and the root mean square of the gradient's norm is small.
/// </summary>
/// <remarks>
/// The noise of a step's cost is σ² = E[(cₜ − cₜ₋₁)²]/2, which a trend hardly changes (von Neumann, "Distribution of the ratio of the mean square successive
/// difference to the variance", 1941). The mean over a window of w steps then has the standard error σ/√w.
/// </remarks>
internal sealed class StandStillWatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double StandardErrors = 3;

    private readonly int window;
    private readonly double gradientTolerance, minimumFall;
    private State state;

    /// <param name="window">The number of steps of a window, at least 4.</param>
    /// <param name="gradientTolerance">The largest relative gradient that is small, positive.</param>
    /// <param name="minimumFall">The least share by which the mean cost falls from window to window when a run does not stand still, at least 0.</param>
    public StandStillWatch(int window, double gradientTolerance, double minimumFall)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 4);
        RequireFinite(gradientTolerance, nameof(gradientTolerance));
        RequireFinite(minimumFall, nameof(minimumFall));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gradientTolerance);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumFall);
        (this.window, this.gradientTolerance, this.minimumFall) = (window, gradientTolerance, minimumFall);
    }

    public int Window => window;

    public double GradientTolerance => gradientTolerance;

    /// <summary>The mean cost of the last complete window.</summary>
    public double MeanCost => state.PreviousMean;

    /// <summary>The relative gradient of the last complete window, ‖g‖·max(‖θ‖, 1)/max(|cost|, 1), with the root mean square of ‖g‖.</summary>
    public double RelativeGradient => state.RelativeGradient;

    /// <summary>‖g‖, the root mean square over the last complete window.</summary>
    public double GradientNorm => state.GradientNorm;

    /// <summary>Adds a step of an optimizer, whose gradients are complete.</summary>
    /// <returns>Whether the run has come to a standstill with this step. It is told once, until the run moves again.</returns>
    public bool Add(Optimizer<T> optimizer, double cost)
    {
        ParameterSet<T> parameters = optimizer.Parameters;
        double squares = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            squares += SumOfSquares.Of(optimizer.ReadGradients(parameters[i]), scale: 1);
        }

        if (!double.IsFinite(cost) || !double.IsFinite(squares))
        {
            Forget();
            return false;
        }

        double difference = state.Count == 0 ? 0 : cost - state.Last;
        state.Last = cost;
        state.Count++;
        state.Sum += cost / window;
        state.DifferenceSquares += difference * difference / 2 / (window - 1);
        state.GradientSquares += squares / window;
        return state.Count == window && CompleteWindow(parameters);
    }

    /// <summary>Begins anew.</summary>
    public void Forget() => state = default;

    public void SaveTo(CheckpointWriter writer) => CheckpointFields.Save(state, writer);

    public Action LoadFrom(CheckpointReader reader)
    {
        State saved = CheckpointFields.Load<State>(reader);
        return saved.Count >= 0 && saved.Count < window
            ? () => state = saved
            : throw reader.Failure($"Its window has {saved.Count} steps so far; it must have at least 0 and at most {window - 1}.");
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be finite."));
        }
    }

    private bool CompleteWindow(ParameterSet<T> parameters)
    {
        double squares = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            squares += SumOfSquares.Of(parameters[i].ReadValues(), scale: 1);
        }

        (double mean, double variance) = (state.Sum, state.DifferenceSquares / window);
        double norm = Math.Sqrt(state.GradientSquares);
        double relative = norm * Math.Max(Math.Sqrt(squares), 1) / Math.Max(Math.Abs(mean), 1);
        double first = state.HasPrevious ? state.FirstMean : mean;
        // Near a cost of 0, where any fall is a large share of it, the share is one of what the run has gained so far.
        double share = minimumFall * Math.Max(Math.Abs(state.PreviousMean), first - mean);
        double least = Math.Max(StandardErrors * Math.Sqrt(variance + state.PreviousVariance), share);
        bool isStill = state.HasPrevious && state.PreviousMean - mean <= least && relative <= gradientTolerance;
        bool isNew = isStill && !state.IsStandingStill;
        state = new State
        {
            HasPrevious = true,
            FirstMean = first,
            PreviousMean = mean,
            PreviousVariance = variance,
            GradientNorm = norm,
            RelativeGradient = relative,
            IsStandingStill = isStill,
        };
        return isNew;
    }

    private struct State : ICheckpointState
    {
        /// <summary>The number of steps in the window so far.</summary>
        public int Count;

        public double Last, Sum, DifferenceSquares, GradientSquares;

        public bool HasPrevious;
        public double FirstMean, PreviousMean, PreviousVariance, GradientNorm, RelativeGradient;
        public bool IsStandingStill;

        public void Exchange(CheckpointFields fields)
        {
            fields.Field("count", ref Count);
            fields.Field("last", ref Last);
            fields.Field("sum", ref Sum);
            fields.Field("differenceSquares", ref DifferenceSquares);
            fields.Field("gradientSquares", ref GradientSquares);
            fields.Field("hasPrevious", ref HasPrevious);
            fields.Field("firstMean", ref FirstMean);
            fields.Field("previousMean", ref PreviousMean);
            fields.Field("previousVariance", ref PreviousVariance);
            fields.Field("gradientNorm", ref GradientNorm);
            fields.Field("relativeGradient", ref RelativeGradient);
            fields.Field("isStandingStill", ref IsStandingStill);
        }
    }
}
