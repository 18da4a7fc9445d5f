using System.Numerics;

namespace OptimGen;

/// <summary>
/// The generator xoshiro256**: integers only, so that it gives the same numbers on every platform and version of .NET, which
/// <see cref="Random"/> does not promise. Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021.
/// </summary>
internal struct Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3)
{
    private ulong s0 = s0, s1 = s1, s2 = s2, s3 = s3;

    /// <summary>
    /// The generator of one epoch. It depends on the seed and the epoch alone, so that training can go on from any epoch: epoch e
    /// takes the words 4(e−1) to 4e−1 of the seed's <see cref="SplitMix64"/>.
    /// </summary>
    public static Xoshiro256 ForEpoch(long seed, int epoch)
    {
        var words = new SplitMix64(unchecked((ulong)seed));
        words.Skip(4 * ((ulong)epoch - 1));
        return new Xoshiro256(words.Next(), words.Next(), words.Next(), words.Next());
    }

    public ulong Next()
    {
        ulong result = unchecked(BitOperations.RotateLeft(s1 * 5, 7) * 9);
        ulong t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>
    /// A number from 0 to <paramref name="bound"/> − 1, each equally likely: the high word of a product, where the few products that
    /// would favour a number are drawn again. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
    /// </summary>
    /// <param name="bound">1 or more.</param>
    public ulong NextBelow(ulong bound)
    {
        ulong high = Math.BigMul(Next(), bound, out ulong low);
        if (low < bound)
        {
            // 2⁶⁴ mod bound.
            ulong threshold = unchecked(0 - bound) % bound;
            while (low < threshold)
            {
                high = Math.BigMul(Next(), bound, out low);
            }
        }

        return high;
    }
}
