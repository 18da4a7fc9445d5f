namespace OptimGen.Tests.Training.Callbacks;

/// <summary>All parts of the loop in one run, with steps that are skipped, an average, a schedule and a penalty.</summary>
public class AllPartsTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(Regression.ExampleCount, false)]
    [InlineData(1, true)]
    public void ARunThatIsResumed_EndsTheSame(int batchSize, bool hasSchedule)
    {
        Trainer<double> whole = Resumption.RequireSameEnd(() => Make(batchSize, hasSchedule), epochs: batchSize == 1 ? 3 : 14);
        Assert.True(whole.StopReason is not null, "The run is to be stopped early.");
        Assert.InRange(((ReduceOnPlateau<double>)whole.Callbacks[2]).ReductionCount, 1, 20);
        Assert.Contains(whole.Observations, one => one.Kind == TrainingObservationKind.StepSkipped);
        Assert.Superset(new HashSet<string>(["validation", "gradientNorm", "updateNorm", "parameterNorm"]), whole.Metrics.Names.ToHashSet());
    }

    /// <summary>A callback that throws ends the call; a later call goes on behind the step, with what the other callbacks know.</summary>
    [Fact]
    public void ACallbackThatThrows_CostsNoStep()
    {
        Trainer<double> trainer = Make(4, hasSchedule: true), sound = Make(4, hasSchedule: true);
        var fault = new Fault(step: 3);
        trainer.Callbacks.Add(fault);
        Assert.Throws<InvalidDataException>(() => trainer.TrainUntil(2));
        Assert.Equal((3L, 3), (trainer.StepCount, trainer.Curve.Costs.Count));
        trainer.TrainUntil(2);
        sound.TrainUntil(2);
        Assert.Equal(Regression.ValuesOf(sound), Regression.ValuesOf(trainer));
        trainer.Callbacks.Remove(fault);
        Assert.Equal(Resumption.Contents(sound), Resumption.Contents(trainer));
    }

    [Fact]
    public void ANameWithALineBreak_IsRefused()
    {
        Trainer<double> trainer = Regression.Trainer();
        Refusal.Require<ArgumentException>("item", "has a line break", () =>
        {
            trainer.Callbacks.Add(new EarlyStopping<double>("a\nb", 1));
            return null;
        });
        Assert.Empty(trainer.Callbacks);
    }

    private static Trainer<double> Make(int batchSize, bool hasSchedule)
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            double cost = Regression.Objective(parameters, batch);
            parameters["bias"].Gradients[0] = batch.Step % 5 == 0 ? double.PositiveInfinity : parameters["bias"].Gradients[0];
            return cost;
        });
        trainer.BatchSize = batchSize;
        trainer.MicroBatchSize = 3;
        trainer.WeightPenalty = 0.01;
        trainer.Optimizer.NonFiniteGradients = NonFiniteGradientPolicy.SkipStep;
        trainer.Schedule = hasSchedule ? Schedule.InverseTime(0.1, 0.01, ScheduleUnit.Step) : null;
        ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.9);
        int[] held = [100, 101, 102];
        // A validation whose cost rises at last.
        double rise = batchSize == Regression.ExampleCount ? 0.5 : 1e-3;
        trainer.Callbacks.Add(new Validation<double>(
            "validation", set => Regression.Objective(set, new MiniBatch(held)) + rise * trainer.StepCount * trainer.StepCount) { Unit = ScheduleUnit.Step, Every = 2 });
        trainer.Callbacks.Add(new Validation<double>("averaged", set => Regression.Objective(set, new MiniBatch(held))) { At = average.Evaluate });
        trainer.Callbacks.Add(new ReduceOnPlateau<double>("validation", 0.5, patience: 1));
        trainer.Callbacks.Add(new EarlyStopping<double>("validation", 3));
        trainer.Callbacks.Add(new BestParameters<double>(trainer.Optimizer.Parameters, "validation"));
        trainer.Callbacks.Add(new BestParameters<double>(trainer.Optimizer.Parameters, "averaged") { At = average.Evaluate, RestoresAtEnd = true });
        trainer.Callbacks.Add(new RecordNorms<double>(3));
        return trainer;
    }

    private sealed class Fault(long step) : TrainingCallback<double>
    {
        private bool hasThrown;

        public override void OnStepCompleted(Trainer<double> trainer, in TrainingProgress progress)
        {
            if (progress.Step == step && !hasThrown)
            {
                hasThrown = true;
                throw new InvalidDataException();
            }
        }
    }
}
