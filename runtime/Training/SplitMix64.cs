namespace OptimGen;

/// <summary>
/// The generator SplitMix64, which turns any seed, however poor, into well-mixed words. Here it seeds <see cref="Xoshiro256"/>.
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

    /// <summary>Goes on as if <paramref name="count"/> words had been drawn.</summary>
    public void Skip(ulong count) => state = unchecked(state + count * GoldenGamma);
}
