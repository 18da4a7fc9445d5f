using OptimGen.CompilerServices;

namespace OptimGen;

// Values that are multiplied by a factor at certain counts.
public abstract partial class Schedule
{
    /// <summary>
    /// Discrete staircase: v(n) = v₀·f^⌊(n − 1)/s⌋, so that the first s epochs or steps have v₀, the next s have v₀·f, and so on. torch's <c>StepLR</c>.
    /// </summary>
    /// <param name="initial">v₀, finite.</param>
    /// <param name="every">s, the length of a stair, 1 or more.</param>
    /// <param name="factor">f, greater than 0 and at most 1. Default: 0.5, which halves the value.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Staircase(double initial, int every, double factor = 0.5, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        RequireFactor(factor);
        return new FormulaSchedule(
            unit, Text($"{initial}·{factor}^⌊(n − 1)/{every}⌋"), n => initial * StepMath.Power(factor, (n - 1) / every));
    }

    /// <summary>
    /// Stairs of given lengths: v(n) = v₀·fᵐ, with m the number of milestones below n, so that the first milestones[0] epochs or steps have v₀. torch's
    /// <c>MultiStepLR</c>, with the same milestones.
    /// </summary>
    /// <param name="initial">v₀, finite.</param>
    /// <param name="milestones">The counts after which the value is multiplied by f: at least one, each 1 or more and above the one before it.</param>
    /// <param name="factor">f, greater than 0 and at most 1. Default: 0.1.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentException">The list is empty or not strictly increasing from 1; the message names the value and its position.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule MultiStep(double initial, IReadOnlyList<long> milestones, double factor = 0.1, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        ArgumentNullException.ThrowIfNull(milestones);
        long[] list = [.. milestones];
        RequireIncreasing(list, "milestone", nameof(milestones));
        RequireFactor(factor);
        string text = ListText([.. list.Select(milestone => (double)milestone)]);
        return new FormulaSchedule(
            unit, Text($"{initial}·{factor}^(number of {text} below n)"), n => initial * StepMath.Power(factor, CountBelow(list, n)));
    }

    /// <summary>Refuses counts that are empty, below 1 or not strictly increasing.</summary>
    private static void RequireIncreasing(long[] counts, string item, string argument)
    {
        if (counts.Length == 0)
        {
            throw new ArgumentException($"The list of {item}s is empty; give at least one.", argument);
        }

        for (int i = 0; i < counts.Length; i++)
        {
            long least = i == 0 ? 1 : counts[i - 1] + 1;
            if (counts[i] < least)
            {
                throw new ArgumentException(
                    Text($"The {item} at position {i} of the list is at {counts[i]}; it must be at least {least}: counts begin with 1 and increase."), argument);
            }
        }
    }

    /// <summary>The number of counts of an increasing list that are below n.</summary>
    private static int CountBelow(long[] counts, long n)
    {
        int found = Array.BinarySearch(counts, n);
        return found >= 0 ? found : ~found;
    }
}
