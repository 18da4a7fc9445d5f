namespace OptimGen;

/// <summary>
/// The spectrum of a Hessian: all eigenvalues of a small one; for a large one their density, by stochastic Lanczos quadrature (Ghorbani, Krishnan and Xiao,
/// "An investigation into neural net optimization via Hessian eigenvalue density", ICML 2019).
/// </summary>
/// <remarks>
/// Each of several random directions gives a quadrature of the density: the Ritz values of Lanczos's method and their weights. The mean over the directions
/// is the estimate, and its standard error is from their differences. The density of a large Hessian is a statement about shares of the eigenvalues; a single
/// outlier of 10⁵ eigenvalues weighs 10⁻⁵ in it, which <see cref="CriticalPoint.Analyze"/> finds and this may not.
/// </remarks>
public sealed class HessianSpectrum
{
    private readonly (double[] Nodes, double[] Weights)[] quadratures;

    internal HessianSpectrum(int dimension, (double[] Nodes, double[] Weights)[] quadratures, double error, double? asymmetry, int evaluations)
    {
        (Dimension, this.quadratures, Error, Asymmetry, Evaluations) = (dimension, quadratures, error, asymmetry, evaluations);
        (double mean, double standardError) = Estimate((nodes, weights) => DenseVector.Dot(nodes, weights));
        (Trace, TraceStandardError) = (dimension * mean, dimension * standardError);
    }

    /// <summary>The number of eigenvalues, n.</summary>
    public int Dimension { get; }

    /// <summary>All eigenvalues, ascending; empty for a large Hessian, of which only the density is known.</summary>
    public IReadOnlyList<double> Eigenvalues => IsComplete ? Array.AsReadOnly(quadratures[0].Nodes) : [];

    /// <summary>Whether the whole Hessian was computed, so that <see cref="Eigenvalues"/> has all eigenvalues.</summary>
    public bool IsComplete => Asymmetry is not null;

    /// <summary>
    /// An estimate of the error that products of the Hessian have, with a margin. If the spectrum is complete, it is a bound of the error of every eigenvalue.
    /// </summary>
    public double Error { get; }

    /// <summary>
    /// ‖H − Hᵀ‖_F/2 of the computed Hessian, before it was made symmetric; an exact one has 0. <see langword="null"/> if the spectrum is not complete.
    /// </summary>
    public double? Asymmetry { get; }

    /// <summary>The sum of the eigenvalues. For a large Hessian, Hutchinson's estimate n·E[vᵀHv].</summary>
    public double Trace { get; }

    /// <summary>The standard error of the trace over the random directions; 0 if the spectrum is complete.</summary>
    public double TraceStandardError { get; }

    /// <summary>How often the objective was called.</summary>
    public int Evaluations { get; }

    /// <summary>The lowest node: the smallest eigenvalue, or the smallest Ritz value of any direction.</summary>
    public double Low => quadratures.Min(one => one.Nodes[0]);

    /// <summary>The highest node.</summary>
    public double High => quadratures.Max(one => one.Nodes[^1]);

    /// <summary>
    /// The density of the eigenvalues at a value, smoothed by a normal distribution; its integral over all values is 1.
    /// </summary>
    /// <param name="value">λ.</param>
    /// <param name="width">The standard deviation of the normal distribution, positive.</param>
    /// <returns>The density, per unit of λ, and its standard error over the random directions.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or the width is not finite or not positive.</exception>
    public (double Density, double StandardError) Density(double value, double width)
    {
        RequireFinite(value, nameof(value));
        RequireFinite(width, nameof(width));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        double factor = 1 / (width * Math.Sqrt(2 * Math.PI));
        return Estimate((nodes, weights) =>
        {
            double sum = 0;
            for (int i = 0; i < nodes.Length; i++)
            {
                double distance = (value - nodes[i]) / width;
                sum += weights[i] * RuleMath.Exp(-distance * distance / 2);
            }

            return factor * sum;
        });
    }

    /// <summary>The share of eigenvalues below a value, from 0 to 1; for 0, the share of directions that curve down.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The share, and its standard error over the random directions.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public (double Share, double StandardError) ShareBelow(double value)
    {
        RequireFinite(value, nameof(value));
        return Estimate((nodes, weights) =>
        {
            double sum = 0;
            for (int i = 0; i < nodes.Length && nodes[i] < value; i++)
            {
                sum += weights[i];
            }

            return sum;
        });
    }

    /// <summary>The number of eigenvalues below a value, with their multiplicity; for 0, the number of directions that curve down.</summary>
    /// <param name="value">The value.</param>
    /// <returns>
    /// The least and the largest number that the errors of the eigenvalues leave. They differ by the eigenvalues within <see cref="Error"/> of the value.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    /// <exception cref="InvalidOperationException">
    /// The spectrum is not complete. <see cref="ShareBelow"/> estimates the number of a large Hessian, and a higher
    /// <see cref="CriticalPointOptions{T}.FullHessianLimit"/> computes all of its eigenvalues.
    /// </exception>
    public (int Least, int Most) CountBelow(double value)
    {
        RequireFinite(value, nameof(value));
        if (!IsComplete)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The spectrum of this Hessian of {Dimension} elements is not complete, so its eigenvalues cannot be counted. Use ShareBelow, or a FullHessianLimit of at least {Dimension}."));
        }

        // Weyl: the k-th smallest computed eigenvalue is within the error of the k-th smallest exact one.
        double[] nodes = quadratures[0].Nodes;
        return (nodes.Count(node => node + Error < value), nodes.Count(node => node - Error < value));
    }

    private static void RequireFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be finite."));
        }
    }

    /// <summary>The mean of a quantity over the quadratures, and its standard error.</summary>
    private (double Mean, double StandardError) Estimate(Func<double[], double[], double> quantity)
    {
        double[] each = [.. quadratures.Select(one => quantity(one.Nodes, one.Weights))];
        double mean = 0, squares = 0;
        foreach (double one in each)
        {
            mean += one / each.Length;
        }

        foreach (double one in each)
        {
            squares += (one - mean) * (one - mean);
        }

        return (mean, each.Length > 1 ? Math.Sqrt(squares / (each.Length - 1) / each.Length) : 0);
    }
}
