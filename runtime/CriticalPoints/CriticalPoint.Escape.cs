using System.Numerics;

namespace OptimGen;

/// <content>The way out of a saddle.</content>
public static partial class CriticalPoint
{
    /// <summary>The number of standard deviations of the cost's noise by which it must fall, and with which the line search begins.</summary>
    private const double LeastFall = 8;

    /// <summary>The longest way out, relative to the norm of the parameters, or to 1.</summary>
    private const double LongestEscape = 10;

    /// <summary>
    /// Leaves a saddle, or a maximum, along the eigenvector of the smallest eigenvalue. The cost is computed at distances that double on both sides of the
    /// point, for as long as it falls, and the parameters are put at the lowest. Nothing is changed if the point is neither, or if the cost does not fall
    /// by more than its noise.
    /// </summary>
    /// <remarks>Gradients are put back, and states of optimizers are left alone: a momentum carries on in its direction.</remarks>
    /// <inheritdoc cref="Analyze{T}(ParameterSet{T}, Objective{T}, MiniBatch, CriticalPointOptions{T})"/>
    public static SaddleEscape<T> Escape<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CriticalPointOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CriticalPointOptions<T>();
        using FixedObjective<T> point = Begin(parameters, objective, batch, options);
        CriticalPointAnalysis<T> analysis = AnalyzeAt(point, options);
        if (analysis.Verdict is not (CriticalPointVerdict.Saddle or CriticalPointVerdict.Maximum))
        {
            return new SaddleEscape<T>(analysis, false, 0, analysis.Cost, $"Nothing has changed, because the point is no saddle. {analysis}");
        }

        (double distance, double cost) = LowestCost(point, analysis);
        if (distance == 0)
        {
            return new SaddleEscape<T>(analysis, false, 0, analysis.Cost, FormattableString.Invariant(
                $"Nothing has changed, because the cost, {analysis.Cost:G6}, does not fall by more than its noise along the curvature {analysis.Smallest[0]}."));
        }

        point.Place(analysis.Smallest[0].Vector.Elements, distance);
        point.KeepPlace();
        return new SaddleEscape<T>(analysis, true, distance, cost, FormattableString.Invariant(
            $"The cost fell from {analysis.Cost:G6} to {cost:G6} at a distance of {Math.Abs(distance):G3} along the curvature {analysis.Smallest[0]}."));
    }

    /// <returns>The distance, with the sign of the direction, at which the cost is lowest, and that cost; a distance of 0 if the cost falls nowhere.</returns>
    private static (double Distance, double Cost) LowestCost<T>(FixedObjective<T> point, CriticalPointAnalysis<T> analysis)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        HessianEigenvalue<T> steepest = analysis.Smallest[0];
        double fall = LeastFall * analysis.CostNoise, longest = LongestEscape * point.Scale;
        // Where λt²/2 is twice the least fall, and where the points do not round to the same ones.
        double resolved = Math.Sqrt(double.CreateTruncating(T.BitIncrement(T.One) - T.One)) * (point.ParameterNorm > 0 ? point.ParameterNorm : 1);
        double first = Math.Min(Math.Max(2 * Math.Sqrt(fall / -steepest.Value), resolved), longest);
        (double Distance, double Cost) best = (0, analysis.Cost - fall);
        var gradient = new double[point.Length];
        foreach (double sign in new[] { 1.0, -1.0 })
        {
            double previous = double.PositiveInfinity;
            for (double distance = first; distance <= longest; distance *= 2)
            {
                if (!point.TryEvaluate(steepest.Vector.Elements, sign * distance, gradient, out double cost) || !(cost < previous))
                {
                    break;
                }

                previous = cost;
                best = cost < best.Cost ? (sign * distance, cost) : best;
            }
        }

        return best;
    }
}
