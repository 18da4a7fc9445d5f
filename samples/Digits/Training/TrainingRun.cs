using OptimGen;

namespace Digits.Training;

/// <summary>What training with one optimizer has given so far.</summary>
internal sealed class TrainingRun(OptimizerChoice choice, OptimizerDefinition definition, double rate, CostCurve curve)
{
    private readonly List<EpochRecord> epochs = [];

    public OptimizerChoice Choice => choice;

    public OptimizerDefinition Definition => definition;

    /// <summary>The learning rate before any decay.</summary>
    public double Rate => rate;

    public CostCurve Curve => curve;

    /// <summary>The epochs completed.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>The digit that the model took each held-out example for, when it was last asked.</summary>
    public IReadOnlyList<int> Answers { get; set; } = [];

    /// <summary>The part of the held-out examples that <see cref="Answers"/> has right; NaN before there are any.</summary>
    public double Accuracy { get; set; } = double.NaN;

    /// <summary>The mean cost of the last epoch, complete or not; NaN before the first step.</summary>
    public double FinalCost { get; set; } = double.NaN;

    /// <summary>Why the run is not what was asked for (it diverged, it was interrupted), or what was noticed; else <see langword="null"/>.</summary>
    public string? Note { get; set; }

    /// <summary>The median over the epochs of an epoch's duration, in seconds; NaN before the first.</summary>
    public double EpochSeconds => Median(epoch => epoch.Duration);

    /// <summary>The median over the epochs of the time in the optimizer, in seconds; NaN before the first.</summary>
    public double OptimizerSeconds => Median(epoch => epoch.OptimizerDuration);

    public double StepsPerSecond => epochs.Count > 0 ? epochs[0].Steps / EpochSeconds : double.NaN;

    public void Add(EpochRecord epoch) => epochs.Add(epoch);

    private double Median(Func<EpochRecord, TimeSpan> duration)
    {
        double[] sorted = [.. epochs.Select(epoch => duration(epoch).TotalSeconds).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
