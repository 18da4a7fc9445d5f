using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Detects a cost that explodes, or stands still, in training by mini-batches. The cost of a mini-batch rises and falls with its examples, so it is smoothed
/// by an exponentially weighted average with bias correction, and changes are compared with the noise.
/// </summary>
/// <remarks>
/// <para>
/// The noise σ is the standard deviation of a mini-batch's cost, estimated from the differences of successive costs, σ² = E[(cₜ − cₜ₋₁)²]/2, which a trend
/// hardly changes (von Neumann, "Distribution of the ratio of the mean square successive difference to the variance", 1941). The smoothed cost then has the
/// standard error σ·√((1−β)/(1+β)), about σ/10.
/// </para>
/// <para>
/// The cost explodes when the smoothed cost is above its best value by more than half of what it had gained since the start and by more than 10σ, with the
/// σ of then, and so are at least half of the recent mini-batches, so that no outlier counts as an explosion.
/// </para>
/// <para>
/// It stands still when the smoothed cost has not fallen by 3 standard errors for at least 500 steps, ten times the window of the average, and for half of
/// the steps so far, because even a run that goes well gains less and less per step, but usually still gains as the number of steps doubles.
/// </para>
/// </remarks>
internal sealed class MiniBatchWatch
{
    /// <summary>β: the average is over about the last 1/(1−β) = 50 steps.</summary>
    private const double Beta = 0.98;

    /// <summary>The number of steps before the first judgement: the window of the average.</summary>
    private const int WarmUp = 50;

    private const int ShortestStandStill = 10 * WarmUp;

    private const double ExplosionInNoise = 10, StandardErrors = 3;

    /// <summary>A relative change that counts as none, where there is no noise: rounding errors of a cost in single precision.</summary>
    private const double RoundingTolerance = 1e-6;

    private static readonly double StandardError = Math.Sqrt((1 - Beta) / (1 + Beta));

    private State state;

    /// <summary>Adds the cost of a step.</summary>
    /// <returns>An observation, once for each explosion and each time that the cost stands still; else <see langword="null"/>.</returns>
    public TrainingObservation? Judge(int epoch, long step, double cost, double learningRate, double weightPenalty, int batchSize)
    {
        // Costs with different λ cannot be compared, and the noise depends on the size of the batch.
        if (state.Count > 0 && (state.WeightPenalty != weightPenalty || state.BatchSize != batchSize))
        {
            Forget();
        }

        (state.WeightPenalty, state.BatchSize) = (weightPenalty, batchSize);
        state.Count++;
        double difference = state.Count == 1 ? 0 : cost - state.Previous;
        state.Previous = cost;
        state.Average = Beta * state.Average + (1 - Beta) * cost;
        state.HalfSquares = Beta * state.HalfSquares + (1 - Beta) * (difference * difference / 2);
        if (!double.IsFinite(state.HalfSquares))
        {
            // Costs above 10¹⁵⁴, whose noise cannot be squared, are not judged.
            Forget();
            return null;
        }

        double smoothed = state.Average / (1 - StepMath.Power(Beta, state.Count));
        double noise = state.Count == 1 ? 0 : Math.Sqrt(state.HalfSquares / (1 - StepMath.Power(Beta, state.Count - 1)));

        if (state.Count <= WarmUp)
        {
            state.Start += (cost - state.Start) / state.Count;
            (state.Best, state.BestStep, state.BestNoise) = (smoothed, step, noise);
            (state.Progress, state.ProgressStep, state.ProgressCount) = (smoothed, step, state.Count);
            return null;
        }

        if (smoothed < state.Best)
        {
            (state.Best, state.BestStep, state.BestNoise) = (smoothed, step, noise);
        }

        return JudgeRise(epoch, step, cost, smoothed, learningRate) ?? JudgeStandStill(epoch, step, smoothed, noise, learningRate);
    }

    /// <summary>Begins anew, where the next costs are not comparable with those so far.</summary>
    public void Forget() => state = default;

    public void SaveTo(CheckpointWriter writer) => CheckpointFields.Save(state, writer);

    public Action LoadFrom(CheckpointReader reader)
    {
        State saved = CheckpointFields.Load<State>(reader);
        return saved.Count >= 0 ? () => state = saved : throw reader.Failure($"The number of costs that it has watched is {saved.Count}.");
    }

    private TrainingObservation? JudgeRise(int epoch, long step, double cost, double smoothed, double learningRate)
    {
        double limit = Math.Max(
            Math.Max(ExplosionInNoise * state.BestNoise, (state.Start - state.Best) / 2), RoundingTolerance * Math.Abs(state.Best));
        state.ShareAbove = Beta * state.ShareAbove + (cost - state.Best > limit ? 1 - Beta : 0);
        if (state.IsExploding)
        {
            if (smoothed - state.Best < limit / 2)
            {
                state.IsExploding = false;
                (state.Progress, state.ProgressStep, state.ProgressCount) = (smoothed, step, state.Count);
            }

            return null;
        }

        if (!(smoothed - state.Best > limit && state.ShareAbove > 0.5))
        {
            return null;
        }

        state.IsExploding = true;
        return TrainingObservation.CostExploding(epoch, step, state.BestStep, state.Best, smoothed, learningRate);
    }

    private TrainingObservation? JudgeStandStill(int epoch, long step, double smoothed, double noise, double learningRate)
    {
        double tolerance = Math.Max(StandardErrors * StandardError * noise, RoundingTolerance * Math.Abs(state.Progress));
        if (smoothed < state.Progress - tolerance)
        {
            (state.Progress, state.ProgressStep, state.ProgressCount) = (smoothed, step, state.Count);
            state.IsStandingStill = false;
            return null;
        }

        if (state.IsExploding || state.IsStandingStill || state.Count - state.ProgressCount < Math.Max(ShortestStandStill, state.Count / 2))
        {
            return null;
        }

        state.IsStandingStill = true;
        // The mean of the first 50 costs and the smoothed cost both have an error of about 0.1σ to 0.15σ; 2·tolerance is 0.6σ.
        bool hasFallen = state.Start - smoothed > 2 * tolerance;
        return TrainingObservation.CostStandsStill(
            epoch, step, state.ProgressStep, state.Progress, smoothed, learningRate, hasFallen ? state.Start : null);
    }

    private struct State : ICheckpointState
    {
        /// <summary>The number of costs added.</summary>
        public long Count;

        public double WeightPenalty;
        public int BatchSize;

        public double Previous;

        /// <summary>The averages of cₜ and of (cₜ − cₜ₋₁)²/2, not corrected for their start from 0.</summary>
        public double Average, HalfSquares;

        /// <summary>The mean of the first costs.</summary>
        public double Start;

        /// <summary>The lowest smoothed cost, its step, and the noise then.</summary>
        public double Best;

        public long BestStep;
        public double BestNoise;

        /// <summary>The average of 1 for each cost above the limit of an explosion, and 0 for the others.</summary>
        public double ShareAbove;

        public bool IsExploding;

        /// <summary>The smoothed cost when it had last fallen by more than its noise.</summary>
        public double Progress;

        public long ProgressStep, ProgressCount;

        public bool IsStandingStill;

        public void Exchange(CheckpointFields fields)
        {
            fields.Field("count", ref Count);
            fields.Field("weightPenalty", ref WeightPenalty);
            fields.Field("batchSize", ref BatchSize);
            fields.Field("previous", ref Previous);
            fields.Field("average", ref Average);
            fields.Field("halfSquares", ref HalfSquares);
            fields.Field("start", ref Start);
            fields.Field("best", ref Best);
            fields.Field("bestStep", ref BestStep);
            fields.Field("bestNoise", ref BestNoise);
            fields.Field("shareAbove", ref ShareAbove);
            fields.Field("isExploding", ref IsExploding);
            fields.Field("progress", ref Progress);
            fields.Field("progressStep", ref ProgressStep);
            fields.Field("progressCount", ref ProgressCount);
            fields.Field("isStandingStill", ref IsStandingStill);
        }
    }
}
