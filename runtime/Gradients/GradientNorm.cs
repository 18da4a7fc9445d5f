namespace OptimGen;

/// <summary>
/// A Euclidean norm as Root·2^Exponent. The exponent is not 0 where the sum of squares would overflow or underflow a double. The norm itself can also be
/// larger than the largest double: that of n elements is up to √n times the largest element.
/// </summary>
/// <param name="Root">The root of the sum of squares of the scaled elements; infinite or NaN only if an element is.</param>
/// <param name="Exponent">The exponent of the power of two that undoes the scaling of the elements.</param>
internal readonly record struct GradientNorm(double Root, int Exponent)
{
    private const int SmallestNormalExponent = -1022;

    /// <summary>The norm times a factor, with one more rounding; infinite only if the product is larger than the largest double.</summary>
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

    /// <summary>
    /// The factor of every gradient, Factor·2^Exponent: <paramref name="scale"/>, or, where the norm of the scaled gradients is larger than
    /// <paramref name="maximum"/>, the factor that makes it equal to the maximum.
    /// </summary>
    /// <param name="scale">The factor of gradients that are not clipped.</param>
    /// <param name="maximum">The largest norm after scaling; infinite for no clipping.</param>
    /// <returns>
    /// The factor with exponent 0; where it would be a subnormal double, and so lose bits, a factor of at most 1 and the exponent.
    /// </returns>
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

        // root·factor is in [1, 4) and limit in [1, 2), so a difference of exponents beyond ±2 decides the comparison, and can be clamped.
        int difference = Math.Clamp(rootExponent + factorExponent - limitExponent, -2, 2);
        if (!(Math.ScaleB(root * factor, difference) > limit))
        {
            return (scale, 0);
        }

        double ratio = limit / root;
        int exponent = limitExponent - rootExponent;
        // The ratio is in (½, 2). It is halved so that its product with the largest gradient cannot overflow.
        return exponent > SmallestNormalExponent ? (Math.ScaleB(ratio, exponent), 0) : (ratio / 2, exponent + 1);
    }

    /// <summary>A positive number as Fraction·2^Exponent with the fraction in [1, 2).</summary>
    private static (double Fraction, int Exponent) Split(double value)
    {
        int exponent = Math.ILogB(value);
        return (Math.ScaleB(value, -exponent), exponent);
    }
}
