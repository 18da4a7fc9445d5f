using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>The bits of a number of either precision.</summary>
internal static class FloatBits
{
    public static bool IsSingle<T>()
        where T : unmanaged
        => Unsafe.SizeOf<T>() == sizeof(float);

    public static ulong Of<T>(T value)
        where T : unmanaged
        => IsSingle<T>() ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);

    public static T ToValue<T>(ulong bits)
        where T : unmanaged
        => IsSingle<T>() ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits);

    /// <summary>Whether the bits are the same; a NaN is equal to every NaN, since platforms differ in its payload.</summary>
    public static bool Same<T>(T one, T other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Of(one) == Of(other) || (T.IsNaN(one) && T.IsNaN(other));

    /// <summary>How many steps from one representable number to the next lead from one to the other; −0 and +0 are one apart.</summary>
    public static ulong? Distance<T>(T one, T other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(one) || T.IsNaN(other))
        {
            return null;
        }

        ulong left = Rank(one), right = Rank(other);
        return left > right ? left - right : right - left;
    }

    /// <summary>The shortest decimal that gives the number again, and its bits: <c>0.1 (0x3DCCCCCD)</c>.</summary>
    public static string Print<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => value.ToString("R", CultureInfo.InvariantCulture)
            + $" (0x{Of(value).ToString(IsSingle<T>() ? "X8" : "X16", CultureInfo.InvariantCulture)})";

    /// <summary>The number's place among all numbers, in their order.</summary>
    private static ulong Rank<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong bits = Of(value), sign = IsSingle<T>() ? 1UL << 31 : 1UL << 63;
        return (bits & sign) != 0 ? sign - 1 - (bits & ~sign) : sign + bits;
    }
}
