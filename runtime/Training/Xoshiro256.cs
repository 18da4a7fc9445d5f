using System.Numerics;

namespace OptimGen;

/// <summary>
/// The pseudorandom generator xoshiro256**. It uses integers only and gives the same numbers on every platform and version of .NET, which
/// <see cref="Random"/> does not guarantee. Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021.
/// </summary>
internal struct Xoshiro256(ulong s0, ulong s1, ulong s2, ulong s3)
{
    private ulong s0 = s0, s1 = s1, s2 = s2, s3 = s3;

    /// <summary>
    /// The generator for one epoch. It depends on the seed and the epoch alone, so training can be resumed at any epoch: epoch e is seeded
    /// with the words 4(e−1) to 4e−1 of the <see cref="SplitMix64"/> of the seed.
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
    /// A number from 0 to <paramref name="bound"/> − 1, uniformly distributed: the high word of a product, with rejection of the products
    /// that would cause a bias. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
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
