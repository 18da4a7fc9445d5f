using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>Requires that a function gives on vectors of every width, in every lane, the bits that it gives on one element.</summary>
internal static class Widths<TFunction>
    where TFunction : IFunction
{
    /// <summary>The largest length of a block of arguments. The length of a block is a multiple of the number of lanes of the widest vector.</summary>
    public const int Block = 4096;

    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments, as many.</param>
    /// <param name="results">The results of the scalar overload.</param>
    public static void Require(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> results)
    {
        Span<float> of = new float[x.Length];
        for (int i = 0; i < x.Length; i += Vector128<float>.Count)
        {
            TFunction.Of(Vector128.Create(x[i..]), Vector128.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 128);
        for (int i = 0; i < x.Length; i += Vector256<float>.Count)
        {
            TFunction.Of(Vector256.Create(x[i..]), Vector256.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 256);
        for (int i = 0; i < x.Length; i += Vector512<float>.Count)
        {
            TFunction.Of(Vector512.Create(x[i..]), Vector512.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 512);
    }

    /// <inheritdoc cref="Require(ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float})"/>
    public static void Require(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> results)
    {
        Span<double> of = new double[x.Length];
        for (int i = 0; i < x.Length; i += Vector128<double>.Count)
        {
            TFunction.Of(Vector128.Create(x[i..]), Vector128.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 128);
        for (int i = 0; i < x.Length; i += Vector256<double>.Count)
        {
            TFunction.Of(Vector256.Create(x[i..]), Vector256.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 256);
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
        {
            TFunction.Of(Vector512.Create(x[i..]), Vector512.Create(y[i..])).CopyTo(of[i..]);
        }

        RequireSameBits(x, y, results, of, 512);
    }

    private static void RequireSameBits<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> results, ReadOnlySpan<T> ofVectors, int bits)
        where T : unmanaged
    {
        ReadOnlySpan<byte> expected = MemoryMarshal.AsBytes(results);
        int same = expected.CommonPrefixLength(MemoryMarshal.AsBytes(ofVectors));
        if (same < expected.Length)
        {
            int i = same / (expected.Length / results.Length);
            Assert.Fail(FormattableString.Invariant(
                $"{typeof(TFunction).Name}({x[i]:R}, {y[i]:R}) is {results[i]:R} on one element and {ofVectors[i]:R} on vectors of {bits} bits."));
        }
    }
}
