namespace OptimGen;

/// <summary>A size of mini-batches, and why.</summary>
/// <param name="BatchSize">The number of examples of a mini-batch.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record BatchSizeAdvice(int BatchSize, string Reason)
{
    private const int FewExamples = 2000, SmallestUsual = 64, LargestUsual = 512;

    /// <summary>
    /// Advises a size of mini-batches by the usual rule of courses (Ng, "Improving deep neural networks", week 2): of 2,000 examples or fewer all at once, and
    /// of more a power of two from 64 to 512, here the largest that fits into the memory.
    /// </summary>
    /// <param name="exampleCount">The number of examples, m; at least 1.</param>
    /// <param name="bytesPerExample">The memory that each example of a mini-batch needs, its activations included; at least 1.</param>
    /// <param name="memory">The memory in bytes that a mini-batch may use; enough for one example.</param>
    /// <returns>The size, at least 1 and at most m. If the memory is for fewer than 64 examples, it is a power of two below that.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its minimum.</exception>
    public static BatchSizeAdvice For(int exampleCount, long bytesPerExample, long memory)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exampleCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerExample);
        if (memory < bytesPerExample)
        {
            throw new ArgumentOutOfRangeException(
                nameof(memory), memory, FormattableString.Invariant($"{nameof(memory)} is {memory}; one example needs {bytesPerExample} bytes."));
        }

        long fitting = memory / bytesPerExample;
        if (exampleCount <= FewExamples && fitting >= exampleCount)
        {
            return new BatchSizeAdvice(exampleCount, FormattableString.Invariant(
                $"{exampleCount:#,0} examples are few enough ({FewExamples:#,0} or fewer) for batch gradient descent: every step uses all of them."));
        }

        long most = Math.Min(Math.Min(fitting, LargestUsual), exampleCount);
        int size = 1;
        while (size * 2L <= most)
        {
            size *= 2;
        }

        string why = size == LargestUsual ? FormattableString.Invariant($"the largest power of two of the usual sizes, {SmallestUsual} to {LargestUsual}, and it fits into the memory")
            : size >= SmallestUsual ? FormattableString.Invariant($"the largest power of two that fits into the memory, which is enough for {fitting:#,0} examples")
            : FormattableString.Invariant($"below the usual sizes, {SmallestUsual} to {LargestUsual}, because the memory is enough for {fitting:#,0} examples only");
        return new BatchSizeAdvice(size, FormattableString.Invariant($"Of {exampleCount:#,0} examples, mini-batches of {size}: {why}."));
    }
}
