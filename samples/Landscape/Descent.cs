using OptimGen;

namespace Landscape;

/// <summary>A descent on a surface.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Points">The start and the point after each step, with its cost; it ends early where the cost is not finite.</param>
/// <param name="End">What the last point is; <see langword="null"/> if the descent diverged.</param>
internal sealed record Descent(DescentRule Rule, IReadOnlyList<DescentPoint> Points, CriticalPointVerdict? End)
{
    /// <summary>The relative gradient below which the end is called a critical point.</summary>
    private const double GradientTolerance = 0.02;

    /// <summary>The first step after which a share of the excess of the cost over the lowest minimum is left; <see langword="null"/> if there is none.</summary>
    public int? StepsTo(Surface surface, double share)
    {
        double goal = surface.Lowest + share * (Points[0].Cost - surface.Lowest);
        int first = Points.TakeWhile(point => point.Cost > goal).Count();
        return first < Points.Count ? first : null;
    }

    public static Descent Of(Surface surface, DescentRule rule, int steps)
    {
        var parameters = new ParameterSet();
        Parameter<float> place = parameters.Add("place", 2);
        (place.Values[0], place.Values[1]) = ((float)surface.Start.X, (float)surface.Start.Y);
        Optimizer<float> optimizer = rule.Create(parameters, surface);
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.SkipStep;
        var points = new List<DescentPoint>();
        for (int step = 0; ; step++)
        {
            parameters.ZeroGradients();
            double cost = Cost(parameters, new MiniBatch([0]));
            if (!double.IsFinite(cost))
            {
                return new Descent(rule, points, null);
            }

            points.Add(new DescentPoint(place.Values[0], place.Values[1], cost));
            if (step == steps)
            {
                var options = new CriticalPointOptions<float> { GradientTolerance = GradientTolerance };
                return new Descent(rule, points, CriticalPoint.Analyze(parameters, Cost, new MiniBatch([0]), options).Verdict);
            }

            optimizer.Step();
        }

        double Cost(ParameterSet<float> set, MiniBatch batch)
        {
            double x = place.Values[0], y = place.Values[1];
            (double gradientX, double gradientY) = surface.Gradient(x, y);
            (place.Gradients[0], place.Gradients[1]) = ((float)gradientX, (float)gradientY);
            return surface.Value(x, y);
        }
    }
}

/// <summary>A point of a descent.</summary>
internal readonly record struct DescentPoint(double X, double Y, double Cost);
