using OptimGen.Tests.Catalogue;

namespace OptimGen.Tests.Checkpoints;

/// <summary>
/// A small training run with everything that a checkpoint has to carry: several tensors and groups with hyperparameters of their own, a schedule, a
/// penalty, clipping by norm, an average, and a last mini-batch that is short.
/// </summary>
internal static class SavedRun
{
    public const int Epochs = 3;
    public const int ExampleCount = 23;
    public const int StepCount = Epochs * 6;

    public static Trainer Make(string optimizer, InstructionSet? set = null, int threads = 1)
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> biases = parameters.AddGroup("biases");
        Fill(parameters.Add("layer1.weight", 4, 5), 1);
        Fill(biases.AddBias("layer1.bias", 5), 2);
        Fill(parameters.Wrap("head", new float[37], new float[37]), 3);
        Optimizer<float> made = CatalogueEntries.Of(optimizer).CreateOn(parameters, set ?? InstructionSets.Selected);
        made.MaxDegreeOfParallelism = threads;
        made.MaxGradientNorm = 0.5;
        made.AverageParameters(0.9);
        var trainer = new Trainer(made, ExampleCount, Objective) { BatchSize = 4, Seed = 7, WeightPenalty = 1e-3 };
        if (made.HasLearningRate)
        {
            trainer.Schedule = Schedule.InverseTime(made.GetHyperparameter("LearningRate"), 0.01, ScheduleUnit.Step);
            trainer.Schedules[biases, "LearningRateScale"] = Schedule.Linear(1, 0.5, 10, ScheduleUnit.Step);
        }

        return trainer;
    }

    /// <summary>Trains until a number of steps are taken, which may be within an epoch.</summary>
    public static void TrainToStep(Trainer trainer, long step)
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAt(step, stop);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.TrainUntil(Epochs, progress, stop.Token));
        Assert.Equal(step, trainer.StepCount);
    }

    public static byte[] Bytes(ICheckpointable source)
    {
        using var stream = new MemoryStream();
        Checkpoint.Save(stream, source);
        return stream.ToArray();
    }

    public static void Load(byte[] bytes, ICheckpointable target, CheckpointLoadOptions? options = null)
    {
        using var stream = new MemoryStream(bytes);
        Checkpoint.Load(stream, target, options);
    }

    private static double Objective(ParameterSet<float> parameters, MiniBatch batch)
    {
        double cost = 0;
        int index = 0;
        foreach (Parameter<float> parameter in parameters)
        {
            Span<float> values = parameter.Values, gradients = parameter.Gradients;
            for (int i = 0; i < values.Length; i++, index++)
            {
                foreach (int example in batch.Examples)
                {
                    float error = values[i] - (((example * 7) + (index * 3)) % 11) + 5;
                    gradients[i] += error / batch.Count;
                    cost += error * error / (2.0 * batch.Count);
                }
            }
        }

        return cost;
    }

    private static void Fill(Parameter<float> parameter, int seed)
    {
        var random = new Random(seed);
        foreach (ref float value in parameter.Values)
        {
            value = random.NextSingle() - 0.5f;
        }
    }

    private sealed class StopAt(long step, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                stop.Cancel();
            }
        }
    }
}
