namespace OptimGen.Tests.Kernels;

/// <summary>
/// Memory for parameters with canaries between them. No canary equals its neighbour or a fixed point of any rule, so a store out of bounds is
/// detected.
/// </summary>
internal sealed class GuardedMemory(int capacity)
{
    /// <summary>More elements than the widest vector, so that a store that is too long hits a canary before the next parameter.</summary>
    private const int Gap = 20;

    private readonly Memory<float> memory = Filled(capacity);
    private readonly bool[] taken = new bool[capacity];
    private int used = Gap;

    /// <summary>The next range of elements, at any alignment.</summary>
    public Memory<float> Take(int length)
    {
        Memory<float> stretch = memory.Slice(used, length);
        taken.AsSpan(used, length).Fill(true);
        used += length + Gap;
        return stretch;
    }

    /// <summary>The next range that starts at a given element of a cache line (16 elements).</summary>
    public Memory<float> Take(int length, int offset)
    {
        while (used % 16 != offset)
        {
            used++;
        }

        return Take(length);
    }

    public void AssertIntact(string where)
    {
        ReadOnlySpan<float> values = memory.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (!taken[i] && values[i] != Canary(i))
            {
                Assert.Fail($"{where}: element {i} of the memory belongs to no parameter and was changed to {values[i]}");
            }
        }
    }

    /// <summary>Starts on a cache line.</summary>
    private static Memory<float> Filled(int capacity)
    {
        Memory<float> memory = AlignedMemory.Allocate<float>(capacity);
        for (int i = 0; i < capacity; i++)
        {
            memory.Span[i] = Canary(i);
        }

        return memory;
    }

    private static float Canary(int position) => 1000 + (position % 1021);
}
