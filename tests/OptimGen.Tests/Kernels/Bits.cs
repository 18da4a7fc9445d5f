using System.Runtime.InteropServices;

namespace OptimGen.Tests.Kernels;

/// <summary>Equality of numbers to the bit, except that all NaNs are equal, since their payload depends on the processor.</summary>
internal static class Bits
{
    public static bool AreEqual(float a, float b) =>
        BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    public static bool AreEqual(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b)))
        {
            return true;
        }

        return a.Length == b.Length && FirstDifference(a, b) < 0;
    }

    public static void AssertEqual(ReadOnlySpan<float> got, ReadOnlySpan<float> want, string where)
    {
        if (!AreEqual(got, want))
        {
            int i = FirstDifference(got, want);
            Assert.Fail($"{where}, length {got.Length}, element {i}: got {Show(got[i])}, want {Show(want[i])}");
        }
    }

    private static int FirstDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!AreEqual(a[i], b[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Show(float value) => FormattableString.Invariant($"{value:R} (0x{BitConverter.SingleToUInt32Bits(value):x8})");
}
