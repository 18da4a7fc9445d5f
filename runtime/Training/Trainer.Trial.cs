namespace OptimGen;

/// <content>Steps on trial, of which nothing remains.</content>
public partial class Trainer<T>
{
    private double? trialRate;

    /// <summary>
    /// Takes steps with given learning rates, and then puts everything back as it was, to the bit, also if one throws: parameters, optimizer, and the run
    /// with its curve, metrics and observations. Callbacks are not called.
    /// </summary>
    /// <param name="rates">The learning rate of each step.</param>
    /// <param name="goesOn">Receives each step, and says whether to take the next one. It is not called again after a step that diverged.</param>
    /// <param name="cancellationToken">Checked before every step.</param>
    internal void Try(IReadOnlyList<double> rates, Func<TrainingProgress, bool> goesOn, CancellationToken cancellationToken)
    {
        RequireIdle();
        using IDisposable callbacks = Callbacks.Suspend();
        using var saved = new MemoryStream();
        Checkpoint.Save(saved, this);
        saved.Position = 0;
        IsTraining = true;
        try
        {
            bool continues = true;
            for (int i = 0; i < rates.Count && continues; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                trialRate = rates[i];
                TrainingProgress step = TakeTrialStep();
                continues = goesOn(step) && step.Observation is not { Kind: TrainingObservationKind.Diverged };
            }
        }
        finally
        {
            trialRate = null;
            IsTraining = false;
            Checkpoint.Load(saved, this);
        }
    }

    private TrainingProgress TakeTrialStep()
    {
        isInStep = true;
        try
        {
            return TakeStep(int.MaxValue);
        }
        finally
        {
            isInStep = false;
        }
    }
}
