using System.Numerics;

namespace OptimGen;

/// <summary>
/// Gradients at nine equidistant points of a line, θ + (j/4)·h·v for j = −4 … 4. They give the product Hv by differences of several orders, and an estimate
/// of the noise.
/// </summary>
/// <remarks>
/// The product is the difference of order 4, D₄, from j = ±2 and ±4. Its truncation error is estimated by the distance to the difference of order 8, D₈, from
/// all points. The noise of the gradient is estimated from the sixth differences Δ⁶, in which a smooth function nearly vanishes and independent errors of
/// variance σ² have the variance σ²·12!/(6!)² (Moré and Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33(3), 2011).
///
/// The points are rounded to the type of the parameters. That would be an error of h·v which the differences do not show, so v is first replaced by a
/// direction whose points need no rounding, and the product is that with the new direction.
/// </remarks>
internal sealed class GradientLine<T>(FixedObjective<T> objective)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Center = 4, PointCount = 2 * Center + 1, NoiseOrder = 6;

    /// <summary>(6!)²/12!.</summary>
    private const double NoiseFactor = 518_400.0 / 479_001_600;

    /// <summary>The coefficients of Δ⁶.</summary>
    private static readonly double[] SixthDifference = [1, -6, 15, -20, 15, -6, 1];

    /// <summary>
    /// The weights of (g₊ⱼ − g₋ⱼ)/h for j = 1 … 4 in D₄ and D₈. Fornberg, "Generation of finite difference formulas on arbitrarily spaced grids", Math. Comp.
    /// 51, 1988, table 1, for the spacing h/2 and h/4.
    /// </summary>
    private static readonly double[] FourthOrder = [0, 4.0 / 3, 0, -1.0 / 6];

    private static readonly double[] EighthOrder = [16.0 / 5, -4.0 / 5, 16.0 / 105, -1.0 / 70];

    private static readonly double RelativeRounding = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private readonly double[][] gradients =
        [.. Enumerable.Range(0, PointCount).Select(i => i == Center ? objective.Gradient : new double[objective.Length])];

    private readonly double[] costs = new double[PointCount];

    private readonly double[] displacement = new double[objective.Length];

    /// <summary>h, the distance of the outer points.</summary>
    public double Length { get; private set; }

    /// <summary>v, of norm 1: the direction that was asked for, changed so that the points need no rounding.</summary>
    public double[] Direction { get; } = new double[objective.Length];

    /// <summary>D₄, the estimate of Hv.</summary>
    public double[] Product { get; } = new double[objective.Length];

    /// <summary>‖D₄ − D₈‖.</summary>
    public double Truncation { get; private set; }

    /// <summary>‖D₂ − D₈‖, the truncation error of the plain central difference over the points ±h.</summary>
    public double CentralTruncation { get; private set; }

    /// <summary>The standard deviation of the noise of the gradient, as a norm over all elements.</summary>
    public double Noise { get; private set; }

    /// <summary>The standard deviation of the noise of the cost.</summary>
    public double CostNoise { get; private set; }

    /// <summary>The rounding error of a gradient whose elements are each correctly rounded: the least noise that there can be, as a norm.</summary>
    public double Rounding { get; private set; }

    /// <summary>The error of <see cref="Product"/>, with a margin.</summary>
    public double Error { get; private set; }

    /// <summary>Whether the error is mainly one of noise, so that a longer line would have a smaller one.</summary>
    public bool IsNoisy => Truncation <= 14 * Math.Max(Noise, Rounding) / Length;

    /// <summary>Whether the noise is far below the change of the gradient, so that it does not hide any structure of the objective.</summary>
    public bool IsClear => 4 * Noise / Length <= 0.01 * DenseVector.Norm(Product);

    /// <summary>Evaluates the objective on the line.</summary>
    /// <returns>Whether all costs and gradients are finite.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="requireFinite"/> is set, and one of them is not.</exception>
    public bool TrySample(double[] direction, double length, bool requireFinite = false)
    {
        SetDirection(direction, length);
        for (int i = 0; i < PointCount; i++)
        {
            double distance = (i - Center) / (double)Center;
            if (i != Center && !objective.TryEvaluate(displacement, distance, gradients[i], out costs[i]))
            {
                return requireFinite ? throw objective.NotFinite(costs[i], Math.Abs(distance) * Length) : false;
            }
        }

        costs[Center] = objective.Cost;
        double largest = gradients.Max(gradient => DenseVector.Norm(gradient));
        Rounding = RelativeRounding * largest;
        EstimateNoise();
        EstimateProduct();
        return true;
    }

    /// <summary>Rounds each element of h·v to a multiple of four units in the last place of the largest value that its parameter has on the line.</summary>
    private void SetDirection(double[] direction, double length)
    {
        // Few elements are rounded to 0, and never all for long.
        for (; ; length *= 8)
        {
            for (int i = 0; i < displacement.Length; i++)
            {
                double move = length * direction[i];
                T largest = T.CreateTruncating(Math.Abs(objective.Point[i]) + Math.Abs(move));
                double quantum = Center * double.CreateTruncating(T.BitIncrement(largest) - largest);
                displacement[i] = move == 0 ? 0 : Math.Round(move / quantum) * quantum;
            }

            displacement.CopyTo(Direction, 0);
            Length = DenseVector.Normalize(Direction);
            if (Length > 0)
            {
                return;
            }
        }
    }

    private void EstimateNoise()
    {
        var difference = new double[objective.Length];
        double squares = 0, costSquares = 0;
        const int Differences = PointCount - NoiseOrder;
        for (int first = 0; first < Differences; first++)
        {
            Array.Clear(difference);
            double cost = 0;
            for (int k = 0; k <= NoiseOrder; k++)
            {
                DenseVector.AddScaled(SixthDifference[k], gradients[first + k], difference);
                cost += SixthDifference[k] * costs[first + k];
            }

            squares += DenseVector.Dot(difference, difference);
            costSquares += cost * cost;
        }

        Noise = Math.Sqrt(NoiseFactor * squares / Differences);
        CostNoise = Math.Max(Math.Sqrt(NoiseFactor * costSquares / Differences), RelativeRounding * Math.Abs(objective.Cost));
    }

    private void EstimateProduct()
    {
        var eighth = new double[objective.Length];
        var second = new double[objective.Length];
        Array.Clear(Product);
        for (int j = 1; j <= Center; j++)
        {
            Add(FourthOrder[j - 1], j, Product);
            Add(EighthOrder[j - 1], j, eighth);
        }

        Add(0.5, Center, second);
        Truncation = DenseVector.Distance(Product, eighth);
        CentralTruncation = DenseVector.Distance(second, eighth);
        // Independent errors of norm σ in each gradient make one of 1.9σ/h in D₄; 4σ/h is twice that.
        Error = 1.5 * Truncation + 4 * (Noise + Rounding) / Length + 4 * RelativeRounding * DenseVector.Norm(Product);

        void Add(double weight, int j, double[] sum)
        {
            DenseVector.AddScaled(weight / Length, gradients[Center + j], sum);
            DenseVector.AddScaled(-weight / Length, gradients[Center - j], sum);
        }
    }
}
