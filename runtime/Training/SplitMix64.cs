namespace OptimGen;

/// <summary>
/// The pseudorandom generator SplitMix64. It turns any seed, also a small number, into well-mixed words. Here it seeds <see cref="Xoshiro256"/>.
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014; constants of Vigna's splitmix64.c, public domain.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong state = seed;

    public ulong Next()
    {
        state = unchecked(state + GoldenGamma);
        ulong z = state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>Skips <paramref name="count"/> words.</summary>
    public void Skip(ulong count) => state = unchecked(state + count * GoldenGamma);
}
