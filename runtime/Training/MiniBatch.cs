namespace OptimGen;

/// <summary>The examples of one training step, and the position of the step in the run.</summary>
public readonly ref struct MiniBatch
{
    /// <summary>Creates a mini-batch, to evaluate an <see cref="Objective{T}"/> outside of a training run.</summary>
    /// <param name="examples">The indices of the examples, at least one.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="index">The position of the batch in its epoch, from 0.</param>
    /// <exception cref="ArgumentException"><paramref name="examples"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The epoch or the step is below 1, or the index below 0.</exception>
    public MiniBatch(ReadOnlySpan<int> examples, int epoch = 1, long step = 1, int index = 0)
    {
        if (examples.IsEmpty)
        {
            throw new ArgumentException("A mini-batch has at least one example.", nameof(examples));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epoch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Examples = examples;
        Epoch = epoch;
        Step = step;
        Index = index;
    }

    /// <summary>
    /// The indices of the examples, each from 0 and below the number of examples. Valid until the objective returns. Where a mini-batch is evaluated in
    /// micro-batches (<see cref="Trainer{T}.MicroBatchSize"/>), those of one of them.
    /// </summary>
    public ReadOnlySpan<int> Examples { get; }

    /// <summary>The number of examples, B.</summary>
    public int Count => Examples.Length;

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step, from 1, counted over the whole run.</summary>
    public long Step { get; }

    /// <summary>The position of the mini-batch in its epoch, from 0; the same for all its micro-batches.</summary>
    public int Index { get; }

    /// <summary>The position of the first of the examples in the mini-batch: above 0 for the later ones of its micro-batches.</summary>
    public int Offset { get; private init; }

    /// <summary>A micro-batch of this mini-batch.</summary>
    internal MiniBatch Slice(int offset, int count) => new(Examples.Slice(offset, count), Epoch, Step, Index) { Offset = offset };
}
