using System.Numerics;

namespace OptimGen;

/// <summary>
/// Detects a learning rate that is too high in batch gradient descent, where the cost falls at every step otherwise. It is not used for
/// mini-batches, whose costs also rise and fall with their examples.
/// </summary>
internal sealed class DescentWatch<T>(int exampleCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A mean over m examples, summed in T, has a rounding error of about √m units (Higham, Accuracy and Stability of Numerical Algorithms,
    // 2nd edition, chapter 2: a realistic error is the bound with its constant replaced by its square root). The tolerance is four times that.
    private readonly double tolerance = 4 * Math.Sqrt(exampleCount) * double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private State state;

    /// <summary>Compares the cost of a step with that of the step before.</summary>
    /// <returns>An observation if the cost rose by more than the rounding error; else <see langword="null"/>.</returns>
    public TrainingObservation? Judge(int epoch, long step, double cost, double weightPenalty)
    {
        // Costs with different λ cannot be compared.
        if (!state.HasPrevious || weightPenalty != state.PreviousPenalty)
        {
            return null;
        }

        // Near a minimum of zero the loss is a small difference of terms as large as at the start, so its rounding error does not shrink with it.
        double noise = tolerance * Math.Max(Math.Abs(state.Previous), Math.Abs(state.First));
        return cost - state.Previous > noise ? TrainingObservation.RateTooHigh(epoch, step, state.Previous, cost, state.PreviousRate) : null;
    }

    /// <summary>Records a step that was taken, for comparison with the next one.</summary>
    public void Remember(double cost, double learningRate, double weightPenalty) => state = new State
    {
        HasPrevious = true,
        First = state.HasPrevious ? state.First : cost,
        Previous = cost,
        PreviousRate = learningRate,
        PreviousPenalty = weightPenalty,
    };

    /// <summary>Clears the recorded step, where the next cost is not comparable with it.</summary>
    public void Forget() => state.HasPrevious = false;

    public void SaveTo(CheckpointWriter writer) => CheckpointFields.Save(state, writer);

    public Action LoadFrom(CheckpointReader reader)
    {
        State saved = CheckpointFields.Load<State>(reader);
        return () => state = saved;
    }

    private struct State : ICheckpointState
    {
        public bool HasPrevious;
        public double First, Previous, PreviousRate, PreviousPenalty;

        public void Exchange(CheckpointFields fields)
        {
            fields.Field("hasPrevious", ref HasPrevious);
            fields.Field("first", ref First);
            fields.Field("previous", ref Previous);
            fields.Field("previousRate", ref PreviousRate);
            fields.Field("previousPenalty", ref PreviousPenalty);
        }
    }
}
