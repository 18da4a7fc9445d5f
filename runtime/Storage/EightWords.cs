using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptimGen;

/// <summary>256-bit vectors.</summary>
internal readonly struct EightWords : IWordLanes<Vector256<uint>>
{
    public static int Count => 8;

    public static Vector256<uint> Sequence => Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Create(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(ref float values, nuint index) => Vector256.LoadUnsafe(ref values, index).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> bits, ref float values, nuint index) => bits.AsSingle().StoreUnsafe(ref values, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadBytes(ref byte codes, nuint index) => Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref codes, index))).AsByte()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadSignedBytes(ref byte codes, nuint index) => Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref codes, index))).AsSByte()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<uint> words, ref byte codes, nuint index)
    {
        Vector128<ushort> halves = Sse41.PackUnsignedSaturate(words.GetLower().AsInt32(), words.GetUpper().AsInt32());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref codes, index), Sse2.PackUnsignedSaturate(halves.AsInt16(), halves.AsInt16()).AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTopBytes(Vector256<uint> lower, Vector256<uint> upper, ref byte codes, nuint index)
    {
        StoreBytes(lower >>> 24, ref codes, index);
        StoreBytes(upper >>> 24, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadUpperHalves(ref ushort codes, nuint index) =>
        Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(ref codes, index)).AsUInt32() << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Vector256<uint> words, ref ushort codes, nuint index) => Sse41.PackUnsignedSaturate(words.GetLower().AsInt32(), words.GetUpper().AsInt32()).StoreUnsafe(ref codes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUpperHalves(Vector256<uint> lower, Vector256<uint> upper, ref ushort codes, nuint index)
    {
        StoreHalves(lower >>> 16, ref codes, index);
        StoreHalves(upper >>> 16, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddWhereNotZero(Vector256<uint> condition, Vector256<uint> left, Vector256<uint> right) =>
        Vector256.AndNot(left + right, Vector256.Equals(condition, Vector256<uint>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Subtract(Vector256<uint> left, Vector256<uint> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Multiply(Vector256<uint> left, Vector256<uint> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> And(Vector256<uint> left, Vector256<uint> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Or(Vector256<uint> left, Vector256<uint> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> left, Vector256<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftLeft(Vector256<uint> words, int count) => words << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(Vector256<uint> words, int count) => words >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Max(Vector256<uint> left, Vector256<uint> right) => Vector256.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Min(Vector256<uint> left, Vector256<uint> right) => Vector256.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MaxSigned(Vector256<uint> left, Vector256<uint> right) => Vector256.Max(left.AsInt32(), right.AsInt32()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LessThan(Vector256<uint> left, Vector256<uint> right) => Vector256.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLessThan(Vector256<uint> left, Vector256<uint> right) => Vector256.LessThanAny(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Select(Vector256<uint> mask, Vector256<uint> whenTrue, Vector256<uint> whenFalse) => Vector256.ConditionalSelect(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Scale(Vector256<uint> wholeNumbers, float factor) => (Vector256.ConvertToSingle(wholeNumbers.AsInt32()) * Vector256.Create(factor)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Largest(Vector256<uint> words) => FourWords.Largest(Vector128.Max(words.GetLower(), words.GetUpper()));
}
