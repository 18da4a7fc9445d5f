using System.Numerics;

namespace OptimGen;

/// <summary>
/// Watches batch gradient descent, whose cost falls at every step unless the learning rate is too high. Mini-batches have costs that
/// rise and fall with their examples, so of them nothing is said.
/// </summary>
internal sealed class DescentWatch<T>(int exampleCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A mean over m examples, summed in T, is uncertain by about √m units of rounding (Higham, Accuracy and Stability of Numerical
    // Algorithms, 2nd edition, chapter 2: a bound's constant, replaced by its root, is the realistic error); four of those are allowed.
    private readonly double tolerance = 4 * Math.Sqrt(exampleCount) * double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private bool hasPrevious;
    private double first, previous, previousRate, previousPenalty;

    /// <summary>What the cost of a step says, given the step before.</summary>
    /// <returns>An observation, or <see langword="null"/> if the cost did not rise by more than rounding explains.</returns>
    public TrainingObservation? Judge(int epoch, long step, double cost, double weightPenalty)
    {
        // Another λ is another cost.
        if (!hasPrevious || weightPenalty != previousPenalty)
        {
            return null;
        }

        // Close to a minimum of zero the terms that the loss is made of stay as large as they were at first, and so does its error.
        double noise = tolerance * Math.Max(Math.Abs(previous), Math.Abs(first));
        return cost - previous > noise ? TrainingObservation.RateTooHigh(epoch, step, previous, cost, previousRate) : null;
    }

    /// <summary>Remembers a step that was taken, for the next one.</summary>
    public void Remember(double cost, double learningRate, double weightPenalty)
    {
        first = hasPrevious ? first : cost;
        (hasPrevious, previous, previousRate, previousPenalty) = (true, cost, learningRate, weightPenalty);
    }

    /// <summary>Forgets the steps so far: what follows is not comparable.</summary>
    public void Forget() => hasPrevious = false;
}
