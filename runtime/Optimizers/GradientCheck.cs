using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Finds gradients that are not finite.</summary>
internal static class GradientCheck
{
    /// <exception cref="NonFiniteGradientException">There is one; the exception names the parameter, the position and the value.</exception>
    public static void RequireFinite<T>(ParameterSet<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter<T> parameter = parameters[i];
            if (!AllFinite(parameter.Gradients))
            {
                int element = IndexOfNonFinite(parameter.Gradients);
                throw new NonFiniteGradientException(
                    parameter.Name, element, parameter.Position(element), double.CreateTruncating(parameter.Gradients[element]));
            }
        }
    }

    /// <summary>x − x is 0 where x is finite and NaN where it is not, and a sum keeps a NaN: a test without a branch an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        Vector<T> first = Vector<T>.Zero, second = Vector<T>.Zero, third = Vector<T>.Zero, fourth = Vector<T>.Zero;
        int i = 0;
        for (; i <= vectors.Length - 4; i += 4)
        {
            first += vectors[i] - vectors[i];
            second += vectors[i + 1] - vectors[i + 1];
            third += vectors[i + 2] - vectors[i + 2];
            fourth += vectors[i + 3] - vectors[i + 3];
        }

        for (; i < vectors.Length; i++)
        {
            first += vectors[i] - vectors[i];
        }

        T rest = T.Zero;
        foreach (T value in values[(vectors.Length * Vector<T>.Count)..])
        {
            rest += value - value;
        }

        return Vector.EqualsAll(first + second + third + fourth, Vector<T>.Zero) && rest == T.Zero;
    }

    private static int IndexOfNonFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        while (T.IsFinite(values[i]))
        {
            i++;
        }

        return i;
    }
}
