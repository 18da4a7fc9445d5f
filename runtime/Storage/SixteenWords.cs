using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptimGen;

/// <summary>512-bit vectors. Bytes and halves are widened and narrowed by one instruction each.</summary>
internal readonly struct SixteenWords : IWordLanes<Vector512<uint>>
{
    public static int Count => 16;

    public static Vector512<uint> Sequence => Vector512.Create(0u, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Create(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(ref float values, nuint index) => Vector512.LoadUnsafe(ref values, index).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> bits, ref float values, nuint index) => bits.AsSingle().StoreUnsafe(ref values, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadBytes(ref byte codes, nuint index) => Avx512F.ConvertToVector512UInt32(Vector128.LoadUnsafe(ref codes, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadSignedBytes(ref byte codes, nuint index) => Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref codes, index).AsSByte()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<uint> words, ref byte codes, nuint index) => Avx512F.ConvertToVector128Byte(words).StoreUnsafe(ref codes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTopBytes(Vector512<uint> lower, Vector512<uint> upper, ref byte codes, nuint index)
    {
        if (Avx512Vbmi.IsSupported)
        {
            // The fourth bytes of one and of the other; the upper half of the result is not used.
            Vector512<byte> fourth = Vector512.Create(
                (byte)3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63,
                67, 71, 75, 79, 83, 87, 91, 95, 99, 103, 107, 111, 115, 119, 123, 127,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            Avx512Vbmi.PermuteVar64x8x2(lower.AsByte(), fourth, upper.AsByte()).GetLower().StoreUnsafe(ref codes, index);
            return;
        }

        StoreBytes(lower >>> 24, ref codes, index);
        StoreBytes(upper >>> 24, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadUpperHalves(ref ushort codes, nuint index) => Avx512F.ConvertToVector512UInt32(Vector256.LoadUnsafe(ref codes, index)) << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Vector512<uint> words, ref ushort codes, nuint index) => Avx512F.ConvertToVector256UInt16(words).StoreUnsafe(ref codes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUpperHalves(Vector512<uint> lower, Vector512<uint> upper, ref ushort codes, nuint index)
    {
        if (Avx512BW.IsSupported)
        {
            // The odd halves of one and of the other.
            Vector512<ushort> odd = Vector512.Create(
                (ushort)1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63);
            Avx512BW.PermuteVar32x16x2(lower.AsUInt16(), odd, upper.AsUInt16()).StoreUnsafe(ref codes, index);
            return;
        }

        StoreHalves(lower >>> 16, ref codes, index);
        StoreHalves(upper >>> 16, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddWhereNotZero(Vector512<uint> condition, Vector512<uint> left, Vector512<uint> right) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(condition, Vector512<uint>.Zero), left + right, Vector512<uint>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Subtract(Vector512<uint> left, Vector512<uint> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Multiply(Vector512<uint> left, Vector512<uint> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> And(Vector512<uint> left, Vector512<uint> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Or(Vector512<uint> left, Vector512<uint> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> left, Vector512<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftLeft(Vector512<uint> words, int count) => words << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(Vector512<uint> words, int count) => words >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Max(Vector512<uint> left, Vector512<uint> right) => Vector512.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Min(Vector512<uint> left, Vector512<uint> right) => Vector512.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> MaxSigned(Vector512<uint> left, Vector512<uint> right) => Vector512.Max(left.AsInt32(), right.AsInt32()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LessThan(Vector512<uint> left, Vector512<uint> right) => Vector512.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLessThan(Vector512<uint> left, Vector512<uint> right) => Vector512.LessThanAny(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Select(Vector512<uint> mask, Vector512<uint> whenTrue, Vector512<uint> whenFalse) => Vector512.ConditionalSelect(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Scale(Vector512<uint> wholeNumbers, float factor) => (Vector512.ConvertToSingle(wholeNumbers.AsInt32()) * Vector512.Create(factor)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Largest(Vector512<uint> words) => EightWords.Largest(Vector256.Max(words.GetLower(), words.GetUpper()));
}
