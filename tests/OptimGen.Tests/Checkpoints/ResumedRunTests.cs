using OptimGen.Tests.Catalogue;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Checkpoints;

/// <summary>A run that is saved after any step, and resumed elsewhere, ends as if it had never stopped.</summary>
public class ResumedRunTests
{
    public static TheoryData<string> Optimizers => [.. CatalogueTable.Types.Select(type => type.Name)];

    /// <summary>The whole checkpoint of the end is compared: parameters, states, average, curve, observations, settings.</summary>
    [Theory, MemberData(nameof(Optimizers))]
    public void SavedAfterAnyStep_AndResumed_EndsWithTheSameBytes(string name)
    {
        Trainer whole = SavedRun.Make(name);
        whole.TrainUntil(SavedRun.Epochs);
        byte[] expected = SavedRun.Bytes(whole);
        Trainer saved = SavedRun.Make(name);
        for (int step = 1; step < SavedRun.StepCount; step++)
        {
            SavedRun.TrainToStep(saved, step);
            Trainer resumed = SavedRun.Make(name, InstructionSet.Scalar, threads: 2);
            // What the file says wins over what the program has set.
            (resumed.Seed, resumed.BatchSize, resumed.Optimizer.MaxGradientNorm) = (99, 1, null);
            SavedRun.Load(SavedRun.Bytes(saved), resumed);
            resumed.TrainUntil(SavedRun.Epochs);
            Assert.Equal(expected, SavedRun.Bytes(resumed));
        }
    }

    /// <summary>The settings of an epoch are those that it began with, also when they are changed before it is saved.</summary>
    [Fact]
    public void SettingsChangedWithinAnEpoch_TakeEffectAtTheNext()
    {
        Trainer whole = SavedRun.Make(nameof(Adam)), saved = SavedRun.Make(nameof(Adam)), resumed = SavedRun.Make(nameof(Adam));
        foreach (Trainer trainer in (Trainer[])[whole, saved])
        {
            SavedRun.TrainToStep(trainer, 8);
            (trainer.BatchSize, trainer.Seed, trainer.Shuffle) = (7, 11, true);
        }

        SavedRun.Load(SavedRun.Bytes(saved), resumed);
        whole.TrainUntil(SavedRun.Epochs);
        resumed.TrainUntil(SavedRun.Epochs);
        Assert.Equal([6, 12, 16], resumed.Curve.EpochEnds);
        Assert.Equal(SavedRun.Bytes(whole), SavedRun.Bytes(resumed));
    }

    [Fact]
    public void BeforeTheFirstStep_ACopyOfTheParametersIsStillToBeMade()
    {
        Trainer saved = SavedRun.Make(nameof(ScheduleFreeSgd)), resumed = SavedRun.Make(nameof(ScheduleFreeSgd)), whole = SavedRun.Make(nameof(ScheduleFreeSgd));
        byte[] bytes = SavedRun.Bytes(saved);
        resumed.TrainUntil(1);
        SavedRun.Load(bytes, resumed);
        foreach (Trainer trainer in (Trainer[])[whole, resumed])
        {
            trainer.Optimizer.Parameters["head"].Values[3] = 2;
            trainer.TrainUntil(2);
        }

        Assert.Equal(SavedRun.Bytes(whole), SavedRun.Bytes(resumed));
    }

    [Fact]
    public void AStoppedRun_IsStillStopped_UntilItIsTrainedAgain()
    {
        Trainer saved = SavedRun.Make(nameof(Adam)), resumed = SavedRun.Make(nameof(Adam));
        saved.TrainUntil(SavedRun.Epochs, new StopAtStep(saved, 5));
        Assert.Equal("enough", saved.StopReason);
        SavedRun.Load(SavedRun.Bytes(saved), resumed);
        TrainingResult result = resumed.TrainUntil(SavedRun.Epochs);
        Assert.Equal((TrainingOutcome.Stopped, "enough", 5), (result.Outcome, result.StopReason, result.Steps));
        result = resumed.Train(1);
        Assert.Equal((TrainingOutcome.Completed, null, 6), (result.Outcome, result.StopReason, result.Steps));
    }

    [Theory, MemberData(nameof(Optimizers))]
    public void AnOptimizersState_ContinuesOverTheSameParameters(string name)
    {
        Trainer one = SavedRun.Make(name), other = SavedRun.Make(name);
        SavedRun.TrainToStep(one, 7);
        using var state = new MemoryStream();
        one.Optimizer.SaveState(state);
        state.Position = 0;
        other.Optimizer.LoadState(state);
        foreach (Parameter<float> parameter in one.Optimizer.Parameters)
        {
            parameter.Values.CopyTo(other.Optimizer.Parameters[parameter.Name].Values);
        }

        for (int step = 0; step < 5; step++)
        {
            foreach (Trainer trainer in (Trainer[])[one, other])
            {
                foreach (Parameter<float> parameter in trainer.Optimizer.Parameters)
                {
                    parameter.Gradients.Fill(0.25f * (step + 1));
                }

                trainer.Optimizer.Step();
            }
        }

        Snapshot.Of(one.Optimizer).AssertSame(other.Optimizer, name);
        Assert.Equal(SavedRun.Bytes(one.Optimizer), SavedRun.Bytes(other.Optimizer));
    }

    private sealed class StopAtStep(Trainer trainer, long step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                trainer.Stop("enough");
            }
        }
    }
}
