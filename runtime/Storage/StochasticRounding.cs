namespace OptimGen;

/// <summary>
/// The random bits by which one stream is rounded in one step: a hash of a counter, so there is no state to keep. The bits of an element depend neither on
/// the instruction set, nor on the order in which elements are computed, nor on the number of threads, nor on whether a run was stopped and resumed.
/// </summary>
/// <remarks>
/// The key of 64 bits is the output of SplitMix64 (Steele, Lea and Flood, 2014) for the seed, the step and the tensor, one after the other. The hash of a
/// counter is the finalizer "lowbias32" of C. Wellons (2018), between whose two multiplications the other half of the key enters, and whose second
/// multiplier depends on the stream, so that the streams of an element share the first half of the work. It is a bijection of the counter, so no word
/// repeats within a tensor of fewer than 2³² elements. Elements e and e + 16 of each 32 share a word: the first takes its lower half, the second its upper
/// half.
/// </remarks>
public readonly struct StochasticRounding
{
    /// <summary>The elements of which the first half shares its words with the second.</summary>
    internal const int GroupLength = 32;

    internal const uint FirstMultiplier = 0x7FEB352D;

    /// <summary>The second multiplier of lowbias32, which the state at position 0 has.</summary>
    private const uint SecondMultiplier = 0x846CA68B;

    /// <summary>The key for a stream in a step.</summary>
    /// <param name="seed">The seed of the optimizer (<see cref="OptimizerOptions.RoundingSeed"/>).</param>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="tensor">The position of the parameter in its set.</param>
    /// <param name="stream">The position of the state in the definition of the rule.</param>
    public StochasticRounding(ulong seed, long step, int tensor, int stream)
    {
        ulong key = Mix(Mix(Mix(seed) + (ulong)step) + ((ulong)(uint)tensor << 32));
        (Offset, Inner) = ((uint)key, (uint)(key >> 32));
        Multiplier = stream == 0 ? SecondMultiplier : (uint)Mix((uint)stream) | 1;
    }

    /// <summary>What is added to the counter.</summary>
    internal uint Offset { get; }

    /// <summary>What enters between the multiplications.</summary>
    internal uint Inner { get; }

    /// <summary>The second multiplier, an odd number.</summary>
    internal uint Multiplier { get; }

    /// <summary>The sixteen random bits of an element.</summary>
    /// <param name="element">The position in the tensor, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative.</exception>
    public uint Bits(int element)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(element);
        uint word = (((uint)element >> 5) << 4) | ((uint)element & 15);
        word += Offset;
        word ^= word >> 16;
        word *= FirstMultiplier;
        word ^= Inner;
        word ^= word >> 15;
        word *= Multiplier;
        word ^= word >> 16;
        return (element & 16) == 0 ? word & 0xFFFF : word >> 16;
    }

    private static ulong Mix(ulong value) => new SplitMix64(value).Next();
}
