using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Sums and multiples of tensors, element by element, the first in place. Products and sums are rounded by themselves: C# fuses no multiply-add, in vectors neither.</summary>
internal static class ElementSum
{
    /// <summary>y ← y + x.</summary>
    public static void Add<T>(Span<T> y, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForEach<T, Sum>(y, T.One, x);

    /// <summary>y ← y + ax.</summary>
    public static void AddScaled<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForEach<T, SumWithScaled>(y, a, x);

    /// <summary>y ← ay + x.</summary>
    public static void ScaleAndAdd<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForEach<T, ScaledWithSum>(y, a, x);

    /// <summary>y ← ax.</summary>
    public static void SetToScaled<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForEach<T, Scaled>(y, a, x);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForEach<T, TOperation>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IOperation
    {
        Span<Vector<T>> results = MemoryMarshal.Cast<T, Vector<T>>(y);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        var factor = new Vector<T>(a);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = TOperation.Of(results[i], factor, vectors[i]);
        }

        for (int i = results.Length * Vector<T>.Count; i < y.Length; i++)
        {
            y[i] = TOperation.Of(y[i], a, x[i]);
        }
    }

    /// <summary>What becomes of y by a and x.</summary>
    private interface IOperation
    {
        static abstract Vector<T> Of<T>(Vector<T> y, Vector<T> a, Vector<T> x);

        static abstract T Of<T>(T y, T a, T x)
            where T : IBinaryFloatingPointIeee754<T>;
    }

    private readonly struct Sum : IOperation
    {
        public static Vector<T> Of<T>(Vector<T> y, Vector<T> a, Vector<T> x) => y + x;

        public static T Of<T>(T y, T a, T x)
            where T : IBinaryFloatingPointIeee754<T> => y + x;
    }

    private readonly struct SumWithScaled : IOperation
    {
        public static Vector<T> Of<T>(Vector<T> y, Vector<T> a, Vector<T> x) => y + (x * a);

        public static T Of<T>(T y, T a, T x)
            where T : IBinaryFloatingPointIeee754<T> => y + (x * a);
    }

    private readonly struct ScaledWithSum : IOperation
    {
        public static Vector<T> Of<T>(Vector<T> y, Vector<T> a, Vector<T> x) => (y * a) + x;

        public static T Of<T>(T y, T a, T x)
            where T : IBinaryFloatingPointIeee754<T> => (y * a) + x;
    }

    private readonly struct Scaled : IOperation
    {
        public static Vector<T> Of<T>(Vector<T> y, Vector<T> a, Vector<T> x) => x * a;

        public static T Of<T>(T y, T a, T x)
            where T : IBinaryFloatingPointIeee754<T> => x * a;
    }
}
