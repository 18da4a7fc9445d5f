using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>
/// Operations on vectors of doubles. Sums are taken in the order that <see cref="ReductionLanes"/> fixes, so they have the same bits whatever the width of
/// a vector register.
/// </summary>
internal static class DenseVector
{
    /// <summary>Σxᵢyᵢ.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
        ref double firstX = ref MemoryMarshal.GetReference(x), firstY = ref MemoryMarshal.GetReference(y[..x.Length]);
        int i = 0;
        for (; i <= x.Length - ReductionLanes.Count; i += ReductionLanes.Count)
        {
            nuint low = (nuint)i, high = (nuint)(i + Vector512<double>.Count);
            lower += Vector512.LoadUnsafe(ref firstX, low) * Vector512.LoadUnsafe(ref firstY, low);
            upper += Vector512.LoadUnsafe(ref firstX, high) * Vector512.LoadUnsafe(ref firstY, high);
        }

        var lanes = default(ReductionLanes);
        lower.StoreUnsafe(ref lanes[0]);
        upper.StoreUnsafe(ref lanes[Vector512<double>.Count]);
        for (int lane = 0; i < x.Length; i++, lane++)
        {
            lanes[lane] += x[i] * y[i];
        }

        return lanes.Sum();
    }

    /// <summary>√Σxᵢ². A vector of values below 10⁻¹⁵⁴ has the norm 0, and one of values above 10¹⁵⁴ an infinite one.</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>‖x − y‖.</summary>
    public static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] difference = x.ToArray();
        AddScaled(-1, y, difference);
        return Norm(difference);
    }

    /// <summary>y ← y + a·x.</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        x = x[..y.Length];
        ReadOnlySpan<Vector512<double>> from = MemoryMarshal.Cast<double, Vector512<double>>(x);
        Span<Vector512<double>> to = MemoryMarshal.Cast<double, Vector512<double>>(y);
        var factor = Vector512.Create(a);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += from[i] * factor;
        }

        for (int i = to.Length * Vector512<double>.Count; i < y.Length; i++)
        {
            y[i] += x[i] * a;
        }
    }

    /// <summary>x ← a·x.</summary>
    public static void Scale(double a, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] *= a;
        }
    }

    /// <summary>x ← x/‖x‖.</summary>
    /// <returns>‖x‖; if it is 0, x is not changed.</returns>
    public static double Normalize(Span<double> x)
    {
        double norm = Norm(x);
        if (norm > 0)
        {
            for (int i = 0; i < x.Length; i++)
            {
                x[i] /= norm;
            }
        }

        return norm;
    }

    /// <summary>Subtracts from x its components along orthonormal vectors: classical Gram–Schmidt for one vector after the other, in their order.</summary>
    public static void Orthogonalize(Span<double> x, IReadOnlyList<double[]> basis)
    {
        for (int i = 0; i < basis.Count; i++)
        {
            AddScaled(-Dot(basis[i], x), basis[i], x);
        }
    }
}
