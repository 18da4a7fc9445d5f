using OptimGen;

namespace Digits.Training;

/// <summary>The results so far of training with one optimizer.</summary>
internal sealed class DigitsRun(OptimizerChoice choice, double rate, Trainer<float> trainer)
{
    private readonly List<EpochRecord> epochs = [];

    public OptimizerChoice Choice => choice;

    public OptimizerDefinition Definition => trainer.Optimizer.Definition;

    /// <summary>The learning rate before any decay.</summary>
    public double Rate => rate;

    public CostCurve Curve => trainer.Curve;

    /// <summary>The epochs completed since the process began.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>The epochs completed, those before the run was resumed included.</summary>
    public int EpochCount => trainer.EpochCount;

    /// <summary>The predicted digit of each held-out example, from the last evaluation.</summary>
    public IReadOnlyList<int> Answers { get; set; } = [];

    /// <summary>The fraction of held-out examples that <see cref="Answers"/> has right; NaN before the first evaluation.</summary>
    public double Accuracy { get; set; } = double.NaN;

    /// <summary>The mean cost of the last epoch, complete or not; NaN before the first step.</summary>
    public double FinalCost { get; set; } = double.NaN;

    /// <summary>
    /// A note on the run: that it diverged or was interrupted, or an observation of the trainer; <see langword="null"/> if there is none.
    /// </summary>
    public string? Note { get; set; }

    /// <summary>The costs around the network; none if they were not computed.</summary>
    public IReadOnlyList<CostSurface> Surfaces { get; set; } = [];

    /// <summary>The median over the epochs of an epoch's duration, in seconds; NaN before the first.</summary>
    public double EpochSeconds => Median(epoch => epoch.Duration);

    /// <summary>The median over the epochs of the time in the optimizer, in seconds; NaN before the first.</summary>
    public double OptimizerSeconds => Median(epoch => epoch.OptimizerDuration);

    public double StepsPerSecond => trainer.StepsPerEpoch / EpochSeconds;

    public double ExamplesPerSecond => trainer.ExampleCount / EpochSeconds;

    /// <summary>The run as the library reports it.</summary>
    public TrainingRun Report => TrainingRun.Of(choice.Name, trainer) with { Surfaces = Surfaces };

    public void Add(EpochRecord epoch) => epochs.Add(epoch);

    private double Median(Func<EpochRecord, TimeSpan> duration)
    {
        // Of an epoch that the process did not begin, the duration is not known.
        double[] sorted = [.. epochs.Where(epoch => epoch.IsWhole).Select(epoch => duration(epoch).TotalSeconds).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
