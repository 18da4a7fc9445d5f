using System.Numerics;

namespace OptimGen;

/// <summary>Decides what a point is. Every comparison is one of intervals: where an error bar reaches across a limit, nothing is decided.</summary>
internal static class CriticalPointJudgement
{
    /// <summary>The number of standard deviations of its noise by which a norm of the gradient may be wrong.</summary>
    private const double NoiseMargin = 4;

    public static (CriticalPointVerdict Verdict, string Reason) Of<T>(CriticalPointAnalysis<T> point, double parameterScale, CriticalPointOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double costScale = Math.Max(Math.Abs(point.Cost), 1);
        double relativeNoise = NoiseMargin * point.GradientNoise * parameterScale / costScale;
        double tolerance = options.GradientTolerance;
        if (point.RelativeGradientNorm - relativeNoise > tolerance)
        {
            return (CriticalPointVerdict.NotCritical, FormattableString.Invariant(
                $"the relative gradient is {point.RelativeGradientNorm:G3}, above the tolerance {tolerance:G3}."));
        }

        if (point.RelativeGradientNorm + relativeNoise > tolerance && relativeNoise < point.RelativeGradientNorm)
        {
            return Undecided($"the relative gradient is {point.RelativeGradientNorm:G3} ± {relativeNoise:G2}, which is on both sides of the tolerance {tolerance:G3}");
        }

        return OfCurvature(point, costScale / (parameterScale * parameterScale) * options.CurvatureTolerance, options.CurvatureTolerance);
    }

    private static (CriticalPointVerdict, string) OfCurvature<T>(CriticalPointAnalysis<T> point, double flat, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HessianEigenvalue<T> smallest = point.Smallest[0], largest = point.Largest[0];
        HessianEigenvalue<T>[] found = [.. point.Smallest, .. point.Largest];
        string known = point.UsesFullHessian
            ? "by the whole Hessian"
            : FormattableString.Invariant($"with a probability of {point.Confidence:R} over the start vector of Lanczos's method");

        if (point.SpectrumLow >= -flat && point.SpectrumHigh <= flat)
        {
            return (CriticalPointVerdict.Plateau, FormattableString.Invariant(
                $"all curvatures are between {point.SpectrumLow:G3} and {point.SpectrumHigh:G3}, {known}; up to ±{flat:G3} counts as flat."));
        }

        if (!found.Any(one => one.Low > flat || one.High < -flat))
        {
            return Undecided($"all curvatures found are within their errors of the limit ±{flat:G3} below which the cost counts as flat: {smallest} to {largest}");
        }

        // The largest magnitude is between these two.
        double least = found.Max(one => Math.Max(one.Low, -one.High)), most = Math.Max(Math.Abs(point.SpectrumLow), Math.Abs(point.SpectrumHigh));
        double surelyZero = tolerance * least, surelyNot = tolerance * most;
        bool hasNegative = found.Any(one => one.High < -surelyNot), hasPositive = found.Any(one => one.Low > surelyNot);
        if (hasNegative && hasPositive)
        {
            return (CriticalPointVerdict.Saddle, $"the cost curves down along one direction ({smallest}) and up along another ({largest}).");
        }

        if (point.SpectrumLow > surelyNot)
        {
            return (CriticalPointVerdict.Minimum, FormattableString.Invariant($"all curvatures are above {point.SpectrumLow:G3}, {known}."));
        }

        if (point.SpectrumHigh < -surelyNot)
        {
            return (CriticalPointVerdict.Maximum, FormattableString.Invariant($"all curvatures are below {point.SpectrumHigh:G3}, {known}."));
        }

        bool hasZero = found.Any(one => one.Low >= -surelyZero && one.High <= surelyZero);
        if (hasZero && ((hasPositive && point.SpectrumLow >= -surelyZero) || (hasNegative && point.SpectrumHigh <= surelyZero)))
        {
            return (CriticalPointVerdict.Degenerate, FormattableString.Invariant(
                $"the cost curves {(hasPositive ? "up" : "down")} along some directions, and is flat, up to ±{surelyZero:G3}, along others: {smallest} to {largest}, {known}."));
        }

        return Undecided(FormattableString.Invariant(
            $"the curvatures found are from {smallest} to {largest}, and all are between {point.SpectrumLow:G3} and {point.SpectrumHigh:G3}, {known}; that leaves the sign of some open"));
    }

    private static (CriticalPointVerdict, string) Undecided(FormattableString reason) => Undecided(FormattableString.Invariant(reason));

    private static (CriticalPointVerdict, string) Undecided(string reason) => (CriticalPointVerdict.Undecided, $"{reason}.");
}
