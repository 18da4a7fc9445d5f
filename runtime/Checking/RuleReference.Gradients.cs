using System.Numerics;
using System.Reflection;

namespace OptimGen;

/// <summary>Which gradients a step refuses, and how it scales and clips the others.</summary>
internal sealed partial class RuleReference<T>
{
    private void RefuseGradients()
    {
        if (optimizer.NonFiniteGradients == NonFiniteGradientPolicy.Allow)
        {
            return;
        }

        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            foreach (T gradient in parameter.Gradients)
            {
                if (!T.IsFinite(gradient))
                {
                    throw new ArithmeticException($"A gradient of '{parameter.Name}' is {gradient}.");
                }
            }
        }
    }

    /// <summary>
    /// What the step does to each gradient before the rule sees it: g·f·2ᵉ, limited. The exponent is 0 unless f would be subnormal in the element type.
    /// </summary>
    private (T Factor, int Exponent, T Limit) Adjustment()
    {
        (double factor, int exponent) = Normalize(optimizer.GradientScale, 0);
        if (optimizer.MaxGradientNorm is { } maximum)
        {
            (double root, int rootExponent) = GradientNorm();
            (double scaled, int scaledExponent) = Normalize(root * factor, rootExponent + exponent);
            (double limit, int limitExponent) = Normalize(maximum, 0);
            bool isLarger = double.IsNaN(scaled) || double.IsInfinity(limit) || scaled == 0 || double.IsInfinity(scaled) || scaledExponent == limitExponent
                ? scaled > limit
                : scaledExponent > limitExponent;
            (factor, exponent) = isLarger ? Normalize(limit / root, limitExponent - rootExponent) : double.IsNaN(root) ? (root, 0) : (factor, exponent);
        }

        double whole = Math.ScaleB(factor, exponent);
        T narrowed = T.CreateTruncating(whole);
        if (double.IsFinite(whole) && !T.IsFinite(narrowed))
        {
            throw new ArithmeticException(FormattableString.Invariant($"The factor of the gradients is {whole}."));
        }

        T largest = T.CreateTruncating(optimizer.MaxGradientValue ?? double.PositiveInfinity);
        return T.IsNormal(narrowed) || factor == 0 || !double.IsFinite(factor)
            ? (narrowed, 0, largest)
            : (T.CreateTruncating(factor / 2), exponent + 1, largest);
    }

    /// <summary>The Euclidean norm of all gradients as root·2ᵉ; elements whose squares a double cannot hold are scaled by a power of two.</summary>
    private (double Root, int Exponent) GradientNorm()
    {
        double Sum(int exponent)
        {
            double sum = 0;
            foreach (Parameter<T> parameter in optimizer.Parameters)
            {
                for (int start = 0; start < parameter.Length; start += PieceLength)
                {
                    int from = start;
                    sum += ReducePiece(
                        Reduction.SumOfSquares, Math.Min(PieceLength, parameter.Length - start),
                        i => Math.ScaleB(double.CreateTruncating(parameter.Gradients[from + i]), -exponent));
                }
            }

            return sum;
        }

        double plain = Sum(0), largest = optimizer.Parameters.Max(parameter => parameter.Gradients.ToArray().Max(one => Math.Abs(double.CreateTruncating(one))));
        bool isExact = FloatBits.IsSingle<T>() || !double.IsFinite(largest) || largest == 0 || (double.IsFinite(plain) && plain > 1e-250);
        int exponent = isExact ? 0 : Math.ILogB(largest);
        return (Math.Sqrt(isExact ? plain : Sum(exponent)), exponent);
    }

    /// <summary>A positive number as f·2ᵉ with f in [1, 2); zero, infinity and NaN as they are.</summary>
    private static (double Factor, int Exponent) Normalize(double factor, int exponent)
    {
        if (factor == 0 || !double.IsFinite(factor))
        {
            return (factor, 0);
        }

        int own = Math.ILogB(factor);
        return (Math.ScaleB(factor, -own), exponent + own);
    }

    private T Adjust(T gradient)
    {
        T scaled = gradient * adjustment.Factor;
        scaled = adjustment.Exponent == 0 ? scaled : T.ScaleB(scaled, adjustment.Exponent);
        return T.Min(T.Max(scaled, -adjustment.Limit), adjustment.Limit);
    }
}
