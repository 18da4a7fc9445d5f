using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>128-bit vectors.</summary>
internal readonly struct FourWords : IWordLanes<Vector128<uint>>
{
    public static int Count => 4;

    public static Vector128<uint> Sequence => Vector128.Create(0u, 1, 2, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Create(uint value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(ref float values, nuint index) => Vector128.LoadUnsafe(ref values, index).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> bits, ref float values, nuint index) => bits.AsSingle().StoreUnsafe(ref values, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadBytes(ref byte codes, nuint index) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref codes, index))).AsByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadSignedBytes(ref byte codes, nuint index) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref codes, index))).AsSByte())).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<uint> words, ref byte codes, nuint index)
    {
        Vector128<ushort> halves = Vector128.Narrow(words, words);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref codes, index), Vector128.Narrow(halves, halves).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTopBytes(Vector128<uint> lower, Vector128<uint> upper, ref byte codes, nuint index)
    {
        StoreBytes(lower >>> 24, ref codes, index);
        StoreBytes(upper >>> 24, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadUpperHalves(ref ushort codes, nuint index) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref codes, index)))).AsUInt16()) << 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(Vector128<uint> words, ref ushort codes, nuint index) => Unsafe.WriteUnaligned(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref codes, index)), Vector128.Narrow(words, words).AsUInt64().ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreUpperHalves(Vector128<uint> lower, Vector128<uint> upper, ref ushort codes, nuint index)
    {
        StoreHalves(lower >>> 16, ref codes, index);
        StoreHalves(upper >>> 16, ref codes, index + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddWhereNotZero(Vector128<uint> condition, Vector128<uint> left, Vector128<uint> right) =>
        Vector128.AndNot(left + right, Vector128.Equals(condition, Vector128<uint>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Subtract(Vector128<uint> left, Vector128<uint> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Multiply(Vector128<uint> left, Vector128<uint> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> And(Vector128<uint> left, Vector128<uint> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Or(Vector128<uint> left, Vector128<uint> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> left, Vector128<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftLeft(Vector128<uint> words, int count) => words << count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(Vector128<uint> words, int count) => words >>> count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Max(Vector128<uint> left, Vector128<uint> right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Min(Vector128<uint> left, Vector128<uint> right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> MaxSigned(Vector128<uint> left, Vector128<uint> right) => Vector128.Max(left.AsInt32(), right.AsInt32()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LessThan(Vector128<uint> left, Vector128<uint> right) => Vector128.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyLessThan(Vector128<uint> left, Vector128<uint> right) => Vector128.LessThanAny(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Select(Vector128<uint> mask, Vector128<uint> whenTrue, Vector128<uint> whenFalse) => Vector128.ConditionalSelect(mask, whenTrue, whenFalse);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Scale(Vector128<uint> wholeNumbers, float factor) => (Vector128.ConvertToSingle(wholeNumbers.AsInt32()) * Vector128.Create(factor)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Largest(Vector128<uint> words)
    {
        words = Vector128.Max(words, Vector128.Shuffle(words, Vector128.Create(2u, 3u, 0u, 1u)));
        // No comparison of two scalars: its branch could not be predicted.
        return Vector128.Max(words, Vector128.Shuffle(words, Vector128.Create(1u, 0u, 3u, 2u))).ToScalar();
    }
}
