using OptimGen.Tests.StateStorage;

namespace OptimGen.Tests.Checkpoints;

/// <summary>States in another form than the element type, saved as they are.</summary>
public class StoredStateCheckpointTests
{
    [Theory, InlineData(Storage.BFloat16), InlineData(Storage.Block8)]
    public void SavedAfterAnyStep_AndResumed_EndsWithTheSameBytes(Storage storage)
    {
        var options = new OptimizerOptions { StateStorage = storage, RoundingSeed = 5 };
        (ParameterSet Set, Optimizer<float> Optimizer) whole = Make(options), saved = Make(options);
        Train(whole, 1, 6);
        for (int step = 1; step < 6; step++)
        {
            Train(saved, step, step);
            (ParameterSet Set, Optimizer<float> Optimizer) resumed = Make(options with { RoundingSeed = 77 });
            resumed.Optimizer.InstructionSet = InstructionSet.Scalar;
            for (int i = 0; i < saved.Set.Count; i++)
            {
                saved.Set[i].Values.CopyTo(resumed.Set[i].Values);
            }

            SavedRun.Load(SavedRun.Bytes(saved.Optimizer), resumed.Optimizer);
            Train(resumed, step + 1, 6);
            Assert.Equal(SavedRun.Bytes(whole.Optimizer), SavedRun.Bytes(resumed.Optimizer));
            Assert.Equal(whole.Set[0].Values.ToArray(), resumed.Set[0].Values.ToArray());
        }
    }

    [Fact]
    public void TheFileHasTheCodes()
    {
        (ParameterSet Set, Optimizer<float> Optimizer) saved = Make(new OptimizerOptions { StateStorage = Storage.Block8 });
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, SavedRun.Bytes(saved.Optimizer));
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        File.Delete(path);
        Assert.Equal(SafeTensorsDtype.U8, file["weights.secondMoment"].Dtype);
        Assert.Equal([30, 10], file["weights.secondMoment"].Shape);
        Assert.Equal((SafeTensorsDtype.U16, 2L), (file["weights.secondMoment.scales"].Dtype, file["weights.secondMoment.scales"].Shape[0]));
    }

    /// <summary>A resume never changes the form without a word.</summary>
    [Theory]
    [InlineData(Storage.BFloat16, Storage.Native), InlineData(Storage.Native, Storage.BFloat16), InlineData(Storage.Block8, Storage.BFloat16)]
    public void AnotherFormIsRefused(Storage file, Storage here)
    {
        (ParameterSet Set, Optimizer<float> Optimizer) saved = Make(new OptimizerOptions { StateStorage = file }), target = Make(new OptimizerOptions { StateStorage = here });
        Train(target, 1, 1);
        byte[] before = SavedRun.Bytes(target.Optimizer);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SavedRun.Load(SavedRun.Bytes(saved.Optimizer), target.Optimizer));
        Assert.Contains($"'firstMoment' as {file}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(here.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, SavedRun.Bytes(target.Optimizer));
    }

    private static (ParameterSet Set, Optimizer<float> Optimizer) Make(OptimizerOptions options)
    {
        var set = new ParameterSet();
        set.Add("weights", 30, 10);
        set.AddBias("bias", 7);
        return (set, new Adam(set, options));
    }

    private static void Train((ParameterSet Set, Optimizer<float> Optimizer) run, int first, int last)
    {
        for (int step = first; step <= last; step++)
        {
            foreach (Parameter<float> parameter in run.Set)
            {
                Numbers.Near(parameter.Length, step).CopyTo(parameter.Gradients);
            }

            run.Optimizer.Step();
        }
    }
}
