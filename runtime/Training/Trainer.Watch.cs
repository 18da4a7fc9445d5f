namespace OptimGen;

/// <content>The watch over the costs.</content>
public partial class Trainer<T>
{
    private readonly MiniBatchWatch miniBatchWatch = new();
    private bool watchesCost = true;

    /// <summary>
    /// Whether costs are watched: <see cref="TrainingObservationKind.RateTooHigh"/> in batch gradient descent, and
    /// <see cref="TrainingObservationKind.CostExploding"/> and <see cref="TrainingObservationKind.CostStandsStill"/> with mini-batches. The watch changes
    /// nothing of training. Default: <see langword="true"/>. While it is off, nothing is remembered.
    /// </summary>
    public bool WatchesCost
    {
        get => watchesCost;
        set
        {
            watchesCost = value;
            if (!value)
            {
                watch.Forget();
                miniBatchWatch.Forget();
            }
        }
    }

    /// <summary>Judges a step that was taken.</summary>
    private TrainingObservation? JudgeCost(RunningEpoch epoch, long step, double cost, double rate, double penalty)
    {
        if (!watchesCost)
        {
            return null;
        }

        if (!epoch.IsFullBatch)
        {
            watch.Forget();
            return miniBatchWatch.Judge(epoch.Number, step, cost, rate, penalty, epoch.BatchSize);
        }

        miniBatchWatch.Forget();
        TrainingObservation? observation = watch.Judge(epoch.Number, step, cost, penalty);
        watch.Remember(cost, rate, penalty);
        return observation;
    }
}
