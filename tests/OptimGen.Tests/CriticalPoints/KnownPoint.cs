using System.Numerics;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>Compares an analysis with the exact spectrum.</summary>
internal static class KnownPoint
{
    public static IEnumerable<string> Failures<T>(CriticalPointAnalysis<T> found, double[] spectrum, CriticalPointOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] exact = [.. spectrum.Order()];
        foreach (HessianEigenvalue<T> one in found.Smallest.Concat(found.Largest))
        {
            double distance = exact.Min(value => Math.Abs(value - one.Value));
            if (!(distance <= one.Error))
            {
                yield return $"{one.Value:R} is {distance:G3} away from the nearest eigenvalue, and states {one.Error:G3}";
            }
        }

        for (int i = 0; found.UsesFullHessian && i < found.Smallest.Count; i++)
        {
            if (!(Math.Abs(found.Smallest[i].Value - exact[i]) <= found.Smallest[i].Error) || !(Math.Abs(found.Largest[i].Value - exact[^(i + 1)]) <= found.Largest[i].Error))
            {
                yield return $"eigenvalue {i} from an end is {exact[i]:R} or {exact[^(i + 1)]:R}, found {found.Smallest[i]} or {found.Largest[i]}";
            }
        }

        if (!(found.SpectrumLow <= exact[0] && found.SpectrumHigh >= exact[^1]))
        {
            yield return $"the spectrum is from {exact[0]:R} to {exact[^1]:R}, and stated from {found.SpectrumLow:R} to {found.SpectrumHigh:R}";
        }

        CriticalPointVerdict truth = Verdict(found, exact, options);
        if (found.Verdict != CriticalPointVerdict.Undecided && found.Verdict != truth)
        {
            yield return $"it is {truth}, found {found}";
        }
    }

    /// <summary>The definition of the verdicts, for exact eigenvalues in ascending order at a point of zero gradient.</summary>
    private static CriticalPointVerdict Verdict<T>(CriticalPointAnalysis<T> found, double[] exact, CriticalPointOptions<T> options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double size = Math.Max(Math.Abs(exact[0]), Math.Abs(exact[^1])), zero = options.CurvatureTolerance * size;
        double norm = found.Smallest[0].Vector.Parameters.Sum(parameter => parameter.Values.ToArray().Sum(value => Math.Pow(double.CreateTruncating(value), 2)));
        if (size * Math.Max(norm, 1) / Math.Max(Math.Abs(found.Cost), 1) <= options.CurvatureTolerance)
        {
            return CriticalPointVerdict.Plateau;
        }

        return exact[0] > zero ? CriticalPointVerdict.Minimum
            : exact[^1] < -zero ? CriticalPointVerdict.Maximum
            : exact[0] < -zero && exact[^1] > zero ? CriticalPointVerdict.Saddle
            : CriticalPointVerdict.Degenerate;
    }
}
