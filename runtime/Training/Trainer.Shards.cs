namespace OptimGen;

/// <content>Mini-batches that are cut into shards, which ranks divide among them.</content>
public partial class Trainer<T>
{
    private int? shardCount;
    private GradientShards<T>? shards;

    /// <summary>
    /// The number of shards S that each mini-batch is cut into (<see cref="GradientShards{T}"/>): neighbouring examples, ⌊B/S⌋ or ⌈B/S⌉ of them, whose costs and gradients
    /// are combined by their sizes. The ranks of the optimizer (<see cref="OptimizerOptions.Communicator"/>) divide the shards among them. With the same S a run has the same
    /// bits for any number of ranks, and in one process. Default: <see langword="null"/>, one for each rank, and the whole mini-batch in one process. It is saved in
    /// checkpoints. Read at every step.
    /// </summary>
    /// <remarks>
    /// All ranks make the same trainer and call it alike. The objective is called for the shards of this rank only, with gradients of zero; shards of more than
    /// <see cref="MicroBatchSize"/> examples are evaluated in parts. Costs, curves and observations are the same on every rank, so rank 0 alone should report. A rank that is
    /// stopped or cancelled stops or cancels all after the same step. Callbacks that read all gradients are refused. <see cref="Diagnose"/> and its like evaluate their whole batch on every rank.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? ShardCount
    {
        get => shardCount;
        set => shardCount = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ShardCount), value, $"ShardCount is {value}; it must be at least 1, or null.");
    }

    private ICommunicator? Communicator => Optimizer.Ranks?.Communicator;

    /// <summary>The number of shards of a step; <see langword="null"/> where it takes the mini-batch as a whole.</summary>
    private int? StepShardCount => shardCount ?? Communicator?.Size;

    /// <summary>
    /// Computes the gradient of the first shard of an epoch twice, and compares the bits. A run has the same bits for any number of ranks only if there is no difference. The
    /// gradients are changed; nothing else is.
    /// </summary>
    /// <returns>The first difference, or <see langword="null"/> if there is none.</returns>
    public GradientDifference? FindGradientDifference()
    {
        int[] examples = [.. Enumerable.Range(0, Math.Max(1, BatchSize / (StepShardCount ?? 1)))];
        return GradientReproducibility.FindDifference(Optimizer.Parameters, () => objective(Optimizer.Parameters, new MiniBatch(examples)));
    }

    /// <summary>Evaluates the mini-batch of a step, and leaves its gradient in the parameters; with ranks, in those that this one owns.</summary>
    private double EvaluateStep(MiniBatch batch)
    {
        if (StepShardCount is not { } count)
        {
            return Evaluate(batch);
        }

        if (shards?.Count != count)
        {
            shards = new GradientShards<T>(Optimizer, count);
        }

        // An objective that threw may have left some.
        shards.Clear();
        foreach (int shard in shards.Own)
        {
            (int start, int length) = shards.ExamplesOf(shard, batch.Count);
            if (length == 0)
            {
                Optimizer.ZeroGradients();
                shards.Add(shard, weight: 0);
            }
            else
            {
                double cost = Evaluate(batch.Slice(start, length));
                shards.Add(shard, length / (double)batch.Count, cost);
            }
        }

        return shards.Reduce();
    }

    /// <summary>Steps the optimizer with the gradient of <see cref="EvaluateStep"/>.</summary>
    private StepResult StepWithGradient() => StepShardCount is null ? Optimizer.StepSummed() : shards!.Step();

    /// <exception cref="NotSupportedException">A callback cannot be combined with ranks.</exception>
    private void RequireCallbacksForRanks()
    {
        if (Communicator is not null && Callbacks.FirstOrDefault(callback => callback.NeedsAllGradients) is { } callback)
        {
            throw new NotSupportedException(
                $"The callback '{callback.Name}' reads the gradients of all parameters, of which each of the {Communicator.Size} ranks has its own part. Remove it, or train in "
                + "one process.");
        }
    }

    /// <summary>Refuses a run whose ranks would train on other examples, at other places of the run or to another end, or would wait for each other.</summary>
    /// <exception cref="InvalidOperationException">A rank has another setting; the message names it.</exception>
    private void AgreeOnRun(int lastEpoch)
    {
        if (Communicator is { } communicator)
        {
            RankAgreement.Prepare(communicator, static () => { }, Settings, refused: "The run");
        }

        IEnumerable<(string Name, double Value)> Settings() =>
        [
            (nameof(ExampleCount), ExampleCount), (nameof(BatchSize), BatchSize), (nameof(MicroBatchSize), MicroBatchSize ?? 0), (nameof(ShardCount), ShardCount ?? 0),
            (nameof(Shuffle), Shuffle ? 1 : 0), (nameof(Seed), Seed), (nameof(WeightPenalty), WeightPenalty), (nameof(EpochCount), EpochCount),
            (nameof(StepCount), StepCount), ("the last epoch", lastEpoch),
        ];
    }

    /// <summary>Has all ranks stop after the same step, with the reason of the first that has one.</summary>
    /// <returns>Whether training is cancelled, on this rank or another.</returns>
    private bool AgreeOnEnd(CancellationToken cancellationToken)
    {
        bool isCancelled = cancellationToken.IsCancellationRequested;
        if (Communicator is not { } communicator)
        {
            return isCancelled;
        }

        (bool Stops, bool IsCancelled)[] all = communicator.AllGather((StopReason is not null, isCancelled));
        if (Array.Exists(all, one => one.Stops))
        {
            StopReason = communicator.AllGather(StopReason ?? "").First(reason => reason.Length > 0);
        }

        return Array.Exists(all, one => one.IsCancelled);
    }
}
