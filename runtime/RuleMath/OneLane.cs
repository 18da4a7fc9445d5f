using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>One element at a time.</summary>
internal readonly struct OneLane : ILanes<double, ulong, bool>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Create(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double left, double right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Subtract(double left, double right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Multiply(double left, double right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(double left, double right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MultiplyAdd(double left, double right, double addend) => Math.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SubtractProduct(double left, double right, double addend) => Math.FusedMultiplyAdd(-left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Absolute(double value) => Math.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Negate(double value) => -value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double CopySign(double magnitude, double sign) => Math.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Floor(double value) => Math.Floor(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessThan(double left, double right) => left < right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GreaterThan(double left, double right) => left > right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(double left, double right) => left == right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool And(bool left, bool right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Or(bool left, bool right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Xor(bool left, bool right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Not(bool value) => !value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Select(bool condition, double whenTrue, double whenFalse) => condition ? whenTrue : whenFalse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(double value) => BitConverter.DoubleToUInt64Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FromBits(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong left, ulong right) => unchecked(left + right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong And(ulong left, ulong right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Or(ulong left, ulong right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong left, ulong right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShiftLeftBy52(ulong bits) => bits << 52;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShiftLeftBy62(ulong bits) => bits << 62;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShiftLeftBy63(ulong bits) => bits << 63;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ShiftRightBy52(ulong bits) => bits >> 52;
}
