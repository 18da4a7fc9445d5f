namespace OptimGen.Tests.Training;

/// <summary>
/// Requires that a run which is saved in memory after any of its steps, loaded into a trainer that is freshly made, and continued, ends with the same bits as
/// the run that was never stopped: parameters, states, curve, metrics, observations, stop reason and callbacks, which are all in a checkpoint.
/// </summary>
internal static class Resumption
{
    /// <returns>The trainer of the uninterrupted run.</returns>
    public static Trainer<double> RequireSameEnd(Func<Trainer<double>> make, int epochs)
    {
        var saved = new List<byte[]>();
        Trainer<double> whole = make();
        whole.TrainUntil(epochs, new ReportedProgress(_ => saved.Add(Contents(whole))));
        byte[] end = Contents(whole);
        Assert.True(saved.Count > 1, "The run has too few steps to be interrupted.");
        for (int step = 0; step < saved.Count; step++)
        {
            Trainer<double> resumed = make();
            Checkpoint.Load(new MemoryStream(saved[step]), resumed);
            Assert.True(saved[step].AsSpan().SequenceEqual(Contents(resumed)), $"What was loaded after step {step + 1} is not what was saved.");
            resumed.TrainUntil(epochs);
            Assert.True(end.AsSpan().SequenceEqual(Contents(resumed)), $"The run that was resumed after step {step + 1} ends with other bits.");
        }

        return whole;
    }

    /// <summary>Everything that a checkpoint has.</summary>
    public static byte[] Contents(ICheckpointable source)
    {
        using var stream = new MemoryStream();
        Checkpoint.Save(stream, source);
        return stream.ToArray();
    }
}
