namespace OptimGen;

/// <summary>The operations of the storage formats on a vector of 32-bit words. All are integer operations or exact, so they agree for any width.</summary>
/// <remarks>They take the vector itself and not a wrapper, as those of <see cref="ILanes{T, TBits, TTruth}"/> do and for the same reason.</remarks>
/// <typeparam name="T">The vector.</typeparam>
internal interface IWordLanes<T>
{
    /// <summary>The number of words in a vector: 16 or a divisor of it.</summary>
    static abstract int Count { get; }

    /// <summary>0, 1, 2, …</summary>
    static abstract T Sequence { get; }

    static abstract T Create(uint value);

    /// <summary>The bits of floats.</summary>
    static abstract T Load(ref float values, nuint index);

    static abstract void Store(T bits, ref float values, nuint index);

    /// <summary>Bytes, each in the lowest bits of a word.</summary>
    static abstract T LoadBytes(ref byte codes, nuint index);

    /// <summary>Bytes in two's complement, as words of the same numbers.</summary>
    static abstract T LoadSignedBytes(ref byte codes, nuint index);

    /// <summary>The lowest byte of each word.</summary>
    static abstract void StoreBytes(T words, ref byte codes, nuint index);

    /// <summary>The highest byte of each word: of the lower ones to <paramref name="index"/> on, of the upper ones to 16 bytes further on.</summary>
    static abstract void StoreTopBytes(T lower, T upper, ref byte codes, nuint index);

    /// <summary>Halves, each in the upper half of a word.</summary>
    static abstract T LoadUpperHalves(ref ushort codes, nuint index);

    /// <summary>The lower half of each word.</summary>
    static abstract void StoreHalves(T words, ref ushort codes, nuint index);

    /// <summary>The upper halves of the words: of the lower ones to <paramref name="index"/> on, of the upper ones to 16 halves further on.</summary>
    static abstract void StoreUpperHalves(T lower, T upper, ref ushort codes, nuint index);

    static abstract T Add(T left, T right);

    /// <summary>The sums of the words for which another word is not zero, and zero for the others.</summary>
    static abstract T AddWhereNotZero(T condition, T left, T right);

    static abstract T Subtract(T left, T right);

    static abstract T Multiply(T left, T right);

    static abstract T And(T left, T right);

    static abstract T Or(T left, T right);

    static abstract T Xor(T left, T right);

    static abstract T ShiftLeft(T words, int count);

    static abstract T ShiftRight(T words, int count);

    static abstract T Max(T left, T right);

    static abstract T Min(T left, T right);

    /// <summary>The larger of two's-complement numbers.</summary>
    static abstract T MaxSigned(T left, T right);

    /// <summary>All ones in the words that are smaller.</summary>
    static abstract T LessThan(T left, T right);

    static abstract bool AnyLessThan(T left, T right);

    static abstract T Select(T mask, T whenTrue, T whenFalse);

    /// <summary>The float that a whole number below 2²⁴ is, times another.</summary>
    static abstract T Scale(T wholeNumbers, float factor);

    /// <summary>The largest of the words.</summary>
    static abstract uint Largest(T words);
}
