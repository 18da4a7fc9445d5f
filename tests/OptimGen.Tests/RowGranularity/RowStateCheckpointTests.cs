using OptimGen.Tests.Checkpoints;
using OptimGen.Tests.Kernels;
using OptimGen.Tests.Rows;

namespace OptimGen.Tests.RowGranularity;

/// <summary>States of rows in checkpoints, and what is refused by name.</summary>
public class RowStateCheckpointTests
{
    [Theory, InlineData(null), InlineData(RowUpdates.Lazy), InlineData(RowUpdates.CaughtUp)]
    public void SavedAfterAnyStep_AndResumed_HasTheSameBits(RowUpdates? updates)
    {
        RowwiseAdam whole = Make(updates, 41, 7);
        Take(whole, 1, 6);
        for (int saved = 1; saved < 6; saved++)
        {
            RowwiseAdam stopped = Make(updates, 41, 7), resumed = Make(null, 41, 7);
            Take(stopped, 1, saved);
            byte[] values = SavedRun.Bytes(stopped.Parameters), state = SavedRun.Bytes(stopped);
            SavedRun.Load(values, resumed.Parameters);
            SavedRun.Load(state, resumed);
            Take(resumed, saved + 1, 6);
            Tables.AssertEqual(resumed, whole, $"{updates}, resumed at {saved}");
        }
    }

    /// <summary>The file has one number a row, in a tensor of one dimension.</summary>
    [Fact]
    public void AnotherNumberOfRows_IsRefusedByName()
    {
        RowwiseAdagrad saved = new(Table(6, 4)), target = new(Table(4, 6));
        target.Parameters[0].Gradients.Fill(1);
        target.Step();
        byte[] before = SavedRun.Bytes(target);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SavedRun.Load(SavedRun.Bytes(saved), target));
        Assert.Contains("squareSum", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("[6]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("[4]", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, SavedRun.Bytes(target));
    }

    /// <summary>The same rule with a state of elements does not continue one of rows.</summary>
    [Fact]
    public void AStateOfElements_IsAnotherRule()
    {
        RowwiseAdam rows = Make(null, 5, 1);
        var elements = new ElementAdam(Table(5, 1));
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => SavedRun.Load(SavedRun.Bytes(rows), elements));
        Assert.Contains("'secondMoment of each row' in the checkpoint, 'secondMoment of each element' here", refusal.Message, StringComparison.Ordinal);
        Assert.NotEqual(rows.Definition.Fingerprint, elements.Definition.Fingerprint);
    }

    [Fact]
    public void Ranks_AreRefused()
    {
        Exception[] refusals = ThreadCommunicator.Run(
            2, communicator => (Exception)Assert.Throws<NotSupportedException>(() => new RowwiseAdam(Table(8, 4), new OptimizerOptions { Communicator = communicator })));
        Assert.All(refusals, refusal => Assert.Contains("RowwiseAdam has the state 'secondMoment' with one number for each row", refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void GradientsInTheMemoryOfAStateOfRows_AreRefused()
    {
        RowwiseAdam optimizer = Make(null, 5, 3);
        Parameter<float> table = optimizer.Parameters[0];
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => optimizer.StepRows(table, [1], optimizer.States.SecondMoment(table)[1..4]));
        Assert.Equal("gradients", refusal.ParamName);
        Assert.Contains("'secondMoment'", refusal.Message, StringComparison.Ordinal);
    }

    private static ParameterSet Table(int rows, int width)
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", rows, width);
        Data.Values(table.Length).CopyTo(table.Values);
        return set;
    }

    private static RowwiseAdam Make(RowUpdates? updates, int rows, int width)
    {
        var optimizer = new RowwiseAdam(Table(rows, width));
        if (updates is { } by)
        {
            optimizer.UpdateByRows(optimizer.Parameters[0], by, mostMissedSteps: 3);
        }

        return optimizer;
    }

    private static void Take(RowwiseAdam optimizer, int first, int last)
    {
        Parameter<float> table = optimizer.Parameters[0];
        for (int step = first; step <= last; step++)
        {
            (int[] indices, float[] gradients) = Tables.Batch(table, step);
            if (optimizer.RowUpdatesOf(table) is null)
            {
                Tables.Scatter(table, indices, gradients);
                optimizer.Step();
            }
            else
            {
                optimizer.StepRows(table, indices, gradients);
            }
        }
    }
}
