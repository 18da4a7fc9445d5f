using System.Numerics;

namespace OptimGen;

/// <summary>Products of the Hessian by central differences of the gradient.</summary>
/// <remarks>
/// The step begins at √ε·‖θ‖, with the unit roundoff ε of the element type, and grows for as long as that lowers the error which
/// <see cref="GradientLine{T}"/> estimates, up to a tenth of the norm of the parameters. Structure of the objective that is finer than the first step cannot
/// be told from noise.
/// </remarks>
internal sealed class DifferenceProducts<T> : IHessianProducts
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The longest step, relative to the norm of the parameters, or to 1.</summary>
    private const double LongestStep = 0.1;

    private const int MostShortenings = 12, MostUnresolved = 4;

    private static readonly double RelativeRounding = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    private readonly FixedObjective<T> objective;
    private readonly double[] ahead, behind;
    private GradientLine<T> best, trial;

    /// <summary>The noise of the gradient that does not depend on the step, and that which grows with it (rounding where the point is 0).</summary>
    private double constantNoise, noisePerLength;

    /// <summary>The step with which the next product begins, and that of <see cref="Multiply"/>.</summary>
    private double length, centralLength;

    public DifferenceProducts(FixedObjective<T> objective, double[] direction)
    {
        this.objective = objective;
        (ahead, behind) = (new double[objective.Length], new double[objective.Length]);
        (best, trial) = (new GradientLine<T>(objective), new GradientLine<T>(objective));
        Calibrate(direction);
    }

    /// <summary>The noise of the gradient at the point, as a norm.</summary>
    public double GradientNoise => Math.Max(constantNoise, RelativeRounding * DenseVector.Norm(objective.Gradient));

    /// <summary>The noise of the cost, a standard deviation.</summary>
    public double CostNoise { get; private set; }

    public double TypicalError { get; private set; }

    public void Multiply(double[] direction, double[] product)
    {
        objective.Evaluate(direction, centralLength, ahead);
        objective.Evaluate(direction, -centralLength, behind);
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = (ahead[i] - behind[i]) / (2 * centralLength);
        }
    }

    public double MultiplyWithError(double[] direction, double[] product)
    {
        SampleShortened(direction);
        if (best.IsNoisy)
        {
            Lengthen(direction);
        }
        else
        {
            Shorten(direction);
        }

        length = best.Length;
        best.Direction.CopyTo(direction, 0);
        best.Product.CopyTo(product, 0);
        return best.Error;
    }

    private void Calibrate(double[] direction)
    {
        length = Math.Sqrt(RelativeRounding) * (objective.ParameterNorm > 0 ? objective.ParameterNorm : 1);
        noisePerLength = double.PositiveInfinity;
        SampleShortened(direction);
        (constantNoise, CostNoise) = (best.Noise, best.CostNoise);
        noisePerLength = Math.Max(best.Noise, best.Rounding) / best.Length;

        // A random direction, and one nearer to the eigenvectors of the largest eigenvalues, along which the gradient changes faster.
        var product = new double[objective.Length];
        MultiplyWithError([.. direction], product);
        ChooseCentralLength();
        if (DenseVector.Normalize(product) > 0)
        {
            MultiplyWithError([.. product], product);
            ChooseCentralLength();
        }
    }

    /// <summary>The step c that minimizes the error of the plain central difference, a·c² + σ/(√2·c). The points are rounded here.</summary>
    private void ChooseCentralLength()
    {
        double curvature = best.CentralTruncation / (best.Length * best.Length), noise = Math.Max(best.Noise, best.Rounding);
        double optimal = curvature > 0 ? Math.Min(RuleMath.Cbrt(noise / (Math.Sqrt(8) * curvature)), best.Length) : best.Length;
        optimal = Math.Max(optimal, best.Length * 1e-6);
        centralLength = centralLength > 0 ? Math.Min(optimal, centralLength) : optimal;
        TypicalError = Math.Max(
            TypicalError,
            curvature * centralLength * centralLength + 2 * noise / centralLength
                + RelativeRounding * (4 + objective.ParameterNorm / centralLength) * DenseVector.Norm(best.Product));
    }

    /// <summary>Samples a line of the current length, or of a shorter one where values of the objective are not finite, or change too fast to be resolved.</summary>
    private void SampleShortened(double[] direction)
    {
        double current = length;
        for (int i = 0, unresolved = 0; i < MostShortenings && unresolved < MostUnresolved; i++, current /= 8)
        {
            if (best.TrySample(direction, current))
            {
                if (IsResolved(best))
                {
                    return;
                }

                unresolved++;
            }
        }

        best.TrySample(direction, current, requireFinite: true);
    }

    /// <summary>Whether what looks like noise is small, or not larger than it was at a shorter step, so that it is noise.</summary>
    private bool IsResolved(GradientLine<T> line) =>
        line.IsClear || line.Noise <= 8 * Math.Max(Math.Max(constantNoise, noisePerLength * line.Length), line.Rounding);

    private void Lengthen(double[] direction)
    {
        double longest = LongestStep * objective.Scale;
        for (double factor = 4; factor > 2;)
        {
            double next = Math.Min(best.Length * factor, longest);
            if (next <= best.Length)
            {
                return;
            }

            double growth = next / best.Length;
            bool isBetter = trial.TrySample(direction, next)
                && (trial.IsClear || trial.Noise <= 2 * growth * Math.Max(best.Noise, best.Rounding))
                && trial.Error < best.Error;
            if (isBetter)
            {
                (best, trial) = (trial, best);
                noisePerLength = Math.Max(noisePerLength, best.Noise / best.Length);
                factor *= factor;
                if (!best.IsNoisy)
                {
                    return;
                }
            }
            else
            {
                factor = Math.Sqrt(factor);
            }
        }
    }

    private void Shorten(double[] direction)
    {
        for (int i = 0; i < MostShortenings && !best.IsNoisy; i++)
        {
            if (!trial.TrySample(direction, best.Length / 3) || !(trial.Error < best.Error))
            {
                return;
            }

            (best, trial) = (trial, best);
        }
    }
}
