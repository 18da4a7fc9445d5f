namespace OptimGen;

/// <summary>
/// A Euclidean norm as Root·2^Exponent. The exponent is not 0 where the sum of the squares is beyond the range of a double; the norm itself can be too,
/// since √n finite doubles have one above the largest.
/// </summary>
/// <param name="Root">The root of the sum of squares of the scaled elements; infinite or NaN only if an element is.</param>
/// <param name="Exponent">What undoes the scaling of the elements.</param>
internal readonly record struct GradientNorm(double Root, int Exponent)
{
    private const int SmallestNormalExponent = -1022;

    /// <summary>The norm times a factor: rounded once more, and infinite only if it is larger than a double can be.</summary>
    public double Times(double factor)
    {
        if (Exponent == 0 || Root == 0 || !double.IsFinite(Root))
        {
            return Root * factor;
        }

        (double root, int rootExponent) = Split(Root);
        (double scale, int scaleExponent) = Split(factor);
        return Math.ScaleB(root * scale, rootExponent + scaleExponent + Exponent);
    }

    /// <summary>The factor Factor·2^Exponent of every gradient, by which the gradients have the norm <paramref name="maximum"/> if theirs is larger.</summary>
    /// <param name="scale">The factor of gradients that are not clipped: the norm that counts is the one after it.</param>
    /// <param name="maximum">The largest norm; infinite for none.</param>
    /// <returns>A factor of at most 1 with an exponent where the whole would lose bits as a subnormal double; else the whole with exponent 0.</returns>
    public (double Factor, int Exponent) Clip(double scale, double maximum)
    {
        if (!double.IsFinite(Root))
        {
            double all = Root > maximum ? 0 : double.IsNaN(Root) ? double.NaN : 1;
            return (scale * all, 0);
        }

        if (Root == 0 || double.IsPositiveInfinity(maximum))
        {
            return (scale, 0);
        }

        (double root, int rootExponent) = Split(Root);
        (double factor, int factorExponent) = Split(scale);
        (double limit, int limitExponent) = Split(maximum);
        rootExponent += Exponent;

        // The product is in [1, 4) and the limit in [1, 2), so a difference of exponents beyond ±2 decides.
        int difference = Math.Clamp(rootExponent + factorExponent - limitExponent, -2, 2);
        if (!(Math.ScaleB(root * factor, difference) > limit))
        {
            return (scale, 0);
        }

        double ratio = limit / root;
        int exponent = limitExponent - rootExponent;
        // The ratio is above ½ and below 2; half of it keeps a product with the largest gradient finite.
        return exponent > SmallestNormalExponent ? (Math.ScaleB(ratio, exponent), 0) : (ratio / 2, exponent + 1);
    }

    /// <summary>A positive number as a fraction in [1, 2) and a power of two.</summary>
    private static (double Fraction, int Exponent) Split(double value)
    {
        int exponent = Math.ILogB(value);
        return (Math.ScaleB(value, -exponent), exponent);
    }
}
