using System.Numerics;

namespace OptimGen;

/// <summary>
/// A training run as it is reported (<see cref="TrainingReport"/>): a copy of its costs, metrics and observations, and of what it was made with. Later steps of
/// the trainer do not change it.
/// </summary>
public sealed record TrainingRun
{
    private readonly string name = "";

    internal TrainingRun()
    {
    }

    /// <summary>The name, by which reports list the run; not empty.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public required string Name
    {
        get => name;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Name));
            name = value;
        }
    }

    /// <summary>The name of the optimizer's rule.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The update rule, one equation in each line.</summary>
    public IReadOnlyList<string> Equations { get; init; } = [];

    /// <summary>The hyperparameters with their last values; those of a group are called <c>WeightDecay of group 'biases'</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Hyperparameters { get; init; } = [];

    /// <summary>The number of examples, m.</summary>
    public required int ExampleCount { get; init; }

    /// <summary>The number of examples in a mini-batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The seed of the shuffle.</summary>
    public long Seed { get; init; }

    /// <summary>The cost and the learning rate of every step, and the mean cost of every epoch.</summary>
    public required CostCurve Curve { get; init; }

    /// <summary>The metrics, in the order in which they were first recorded.</summary>
    public IReadOnlyList<TrainingMetric> Metrics { get; init; } = [];

    /// <summary>The observations, in the order of the steps.</summary>
    public IReadOnlyList<TrainingObservation> Observations { get; init; } = [];

    /// <summary>Why the run was stopped (<see cref="Trainer{T}.Stop"/>); <see langword="null"/> if it was not.</summary>
    public string? StopReason { get; init; }

    /// <summary>What else the summary of a report says about the run, each with its heading, such as the time of an epoch. Default: none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The costs around the run (<see cref="Trainer{T}.Surface(CostSurfaceOptions, int)"/>), which a report draws as contours. Default: none.</summary>
    public IReadOnlyList<CostSurface> Surfaces { get; init; } = [];

    /// <summary>The number of steps.</summary>
    public int StepCount => Curve.Costs.Count;

    /// <summary>The number of complete epochs.</summary>
    public int EpochCount => Curve.EpochMeans.Count;

    /// <summary>Makes a run of what a trainer has done so far. Call it on the thread that trains, between steps.</summary>
    /// <param name="name">The name of the run, not empty.</param>
    /// <param name="trainer">The trainer.</param>
    /// <typeparam name="T">The element type of the parameters.</typeparam>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static TrainingRun Of<T>(string name, Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(trainer);
        return new TrainingRun
        {
            Name = name,
            Optimizer = trainer.Optimizer.Definition.Name,
            Equations = trainer.Optimizer.Definition.Equations,
            Hyperparameters = [.. HyperparametersOf(trainer.Optimizer)],
            ExampleCount = trainer.ExampleCount,
            BatchSize = trainer.BatchSize,
            Seed = trainer.Seed,
            Curve = trainer.Curve.Copy(),
            Metrics = [.. trainer.Metrics.Names.Select(metric => new TrainingMetric(metric, [.. trainer.Metrics[metric]]))],
            Observations = [.. trainer.Observations],
            StopReason = trainer.StopReason,
        };
    }

    /// <summary>Makes a run of the checkpoint of a trainer (<see cref="Trainer{T}.Save"/>). Parameters and states are not read into memory.</summary>
    /// <param name="name">The name of the run, not empty.</param>
    /// <param name="path">The path of the checkpoint.</param>
    /// <exception cref="ArgumentException">A name or path is empty.</exception>
    /// <exception cref="CheckpointException">The file is damaged, or not of a trainer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingRun Load(string name, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return CheckpointRun.Load(name, path);
    }

    /// <summary>The number of epochs after a number of steps: whole at the end of each, and in between in proportion.</summary>
    internal double EpochsAfter(double step)
    {
        int count = Curve.EpochEnds.Count;
        int epoch = EpochAt(step);
        double start = epoch == 0 ? 0 : Curve.EpochEnds[epoch - 1];
        double length = epoch < count ? Curve.EpochEnds[epoch] - start : RunningEpoch.StepsOf(ExampleCount, BatchSize);
        return epoch + (step - start) / Math.Max(1, length);
    }

    /// <summary>The number of epochs that end before a step or with it.</summary>
    private int EpochAt(double step)
    {
        (int low, int high) = (0, Curve.EpochEnds.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Curve.EpochEnds[middle] <= step ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static IEnumerable<KeyValuePair<string, double>> HyperparametersOf<T>(Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string[] names = [.. optimizer.Definition.Hyperparameters.Select(hyperparameter => hyperparameter.Name)];
        foreach (string hyperparameter in names)
        {
            yield return new(hyperparameter, optimizer.GetHyperparameter(hyperparameter));
        }

        foreach (ParameterGroup<T> group in optimizer.Parameters.Groups)
        {
            foreach (string hyperparameter in names)
            {
                if (optimizer.GetHyperparameter(group, hyperparameter) is { } value)
                {
                    yield return new($"{hyperparameter} of group '{group.Name}'", value);
                }
            }

            if (optimizer.HasLearningRate && optimizer.GetHyperparameter(group, GroupHyperparameters<T>.ScaleDefinition.Name) is { } scale && scale != 1)
            {
                yield return new($"{GroupHyperparameters<T>.ScaleDefinition.Name} of group '{group.Name}'", scale);
            }
        }
    }
}
