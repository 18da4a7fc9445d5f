using OptimGen.Tests.Checkpoints;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>A run over rows that is stopped and resumed has the bits of one that is not.</summary>
public class RowCheckpointTests
{
    [Theory]
    [InlineData(RowUpdates.Lazy, 0), InlineData(RowUpdates.Lazy, 3), InlineData(RowUpdates.CaughtUp, 0), InlineData(RowUpdates.CaughtUp, 1), InlineData(RowUpdates.CaughtUp, 3)]
    public void SavedAfterAnyStep_AndResumed_HasTheSameBits(RowUpdates updates, int form)
    {
        Optimizer<float> whole = Make(updates, form), saved = Make(updates, form);
        for (int step = 1; step <= 8; step++)
        {
            Step(whole, step);
        }

        for (int step = 1; step < 8; step++)
        {
            Step(saved, step);
            // Into an optimizer of which nothing was said about rows, and into one that has gone another way and has rows behind.
            AdamW fresh = new(new ParameterSet().With([211, 3]), Tables.Forms[form]);
            Optimizer<float> other = Make(RowUpdates.CaughtUp, form);
            Step(other, 3);
            Step(other, 4);
            other.AddRowGradients(other.Parameters["table"], [0], [9, 9, 9]);
            byte[] values = SavedRun.Bytes(saved.Parameters), state = SavedRun.Bytes(saved);
            foreach (Optimizer<float> resumed in new[] { fresh, other })
            {
                SavedRun.Load(values, resumed.Parameters);
                SavedRun.Load(state, resumed);
                Assert.Equal(updates, resumed.RowUpdatesOf(resumed.Parameters["table"]));
                for (int next = step + 1; next <= 8; next++)
                {
                    Step(resumed, next);
                }

                Tables.AssertEqual(resumed, whole, $"{updates}, form {form}, resumed at {step}");
                whole.CatchUp();
                Bits.AssertEqual(resumed.Parameters["table"].Values, whole.Parameters["table"].Values, "values");
            }
        }
    }

    [Fact]
    public void WhatIsDamaged_IsRefused_AndChangesNothing()
    {
        Optimizer<float> saved = Make(RowUpdates.CaughtUp, 0), target = Make(RowUpdates.CaughtUp, 0);
        Step(saved, 1);
        Step(target, 1);
        byte[] state = SavedRun.Bytes(saved), before = SavedRun.Bytes(target);
        string text = System.Text.Encoding.Latin1.GetString(state);
        Assert.Contains("CaughtUp", text, StringComparison.Ordinal);
        byte[] damaged = System.Text.Encoding.Latin1.GetBytes(text.Replace("CaughtUp", "Cau9htUp", StringComparison.Ordinal));
        Assert.Throws<CheckpointException>(() => SavedRun.Load(damaged, target));
        Assert.Equal(before, SavedRun.Bytes(target));
    }

    private static Optimizer<float> Make(RowUpdates updates, int form)
    {
        var optimizer = new AdamW(new ParameterSet().With([211, 3]), Tables.Forms[form]);
        optimizer.UpdateByRows(optimizer.Parameters["table"], updates, mostMissedSteps: 3);
        return optimizer;
    }

    private static void Step(Optimizer<float> optimizer, int step)
    {
        Tables.Change(optimizer, step);
        Data.Gradient(37, step).CopyTo(optimizer.Parameters["before"].Gradients);
        (int[] indices, float[] gradients) = Tables.Batch(optimizer.Parameters["table"], step);
        optimizer.AddRowGradients(optimizer.Parameters["table"], indices, gradients);
        optimizer.Step();
    }
}
