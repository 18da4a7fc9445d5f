using System.Numerics;

namespace OptimGen;

/// <summary>The eigenvalues at both ends of the spectrum of a Hessian, and an interval that has all of them.</summary>
/// <param name="Smallest">The smallest, ascending.</param>
/// <param name="Largest">The largest, descending.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Confidence">1, or the probability that no eigenvalue is outside of the interval.</param>
internal sealed record SpectrumEnds<T>(
    IReadOnlyList<HessianEigenvalue<T>> Smallest, IReadOnlyList<HessianEigenvalue<T>> Largest, double Low, double High, double Confidence)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The probability that the interval of Lanczos's method misses an eigenvalue: half of it at each end.</summary>
    private const double Risk = 1e-6;

    public static SpectrumEnds<T> Compute(
        IHessianProducts products, ParameterSelection<T> selection, int count, CriticalPointOptions<T> options, RandomDirection random) =>
        selection.Length <= options.FullHessianLimit
            ? OfFullHessian(FullHessian.Compute(products, selection.Length), selection, count)
            : ByLanczos(products, selection, count, options, random);

    private static SpectrumEnds<T> OfFullHessian(FullHessian hessian, ParameterSelection<T> selection, int count)
    {
        HessianEigenvalue<T>[] all =
        [
            .. hessian.Values.Select((value, i) =>
                new HessianEigenvalue<T>(value, hessian.Residuals[i], hessian.Error, new ParameterVector<T>(selection, hessian.Vectors[i]))),
        ];
        return new SpectrumEnds<T>(all[..count], [.. all.TakeLast(count).OrderByDescending(one => one.Value)], all[0].Low, all[^1].High, 1);
    }

    private static SpectrumEnds<T> ByLanczos(
        IHessianProducts products, ParameterSelection<T> selection, int count, CriticalPointOptions<T> options, RandomDirection random)
    {
        int n = selection.Length, most = Math.Min(options.MaxLanczosSteps, n);
        double[] start = random.Next(n);
        var lanczos = new Lanczos(products.Multiply, start, random);
        for (int check = Math.Min(Math.Max(2 * count + 8, 16), most); ; check = Math.Min(check + check / 3, most))
        {
            while (lanczos.Steps < check)
            {
                lanczos.Step();
            }

            lanczos.ComputeRitzValues();
            if (check == most || IsEnough(lanczos, count, n, products.TypicalError))
            {
                break;
            }
        }

        int found = Math.Min(count, lanczos.Steps);
        HessianEigenvalue<T>[] smallest = [.. Enumerable.Range(0, found).Select(i => Refine(lanczos.Vector(i))).OrderBy(one => one.Value)];
        HessianEigenvalue<T>[] largest =
            [.. Enumerable.Range(1, found).Select(i => Refine(lanczos.Vector(lanczos.Steps - i))).OrderByDescending(one => one.Value)];
        (double low, double high) = Interval(lanczos, n, smallest.Concat(largest).Max(one => one.ProductError) + products.TypicalError * Math.Sqrt(lanczos.Steps));
        return new SpectrumEnds<T>(smallest, largest, Math.Min(low, smallest[0].Low), Math.Max(high, largest[0].High), 1 - Risk);

        // The Rayleigh quotient of a careful product, and its residual.
        HessianEigenvalue<T> Refine(double[] vector)
        {
            var product = new double[n];
            double error = products.MultiplyWithError(vector, product);
            double value = DenseVector.Dot(vector, product);
            DenseVector.AddScaled(-value, vector, product);
            return new HessianEigenvalue<T>(value, DenseVector.Norm(product), error, new ParameterVector<T>(selection, vector));
        }
    }

    /// <summary>Whether the wanted eigenvalues have converged, and more steps would not help to decide the signs of all others.</summary>
    private static bool IsEnough(Lanczos lanczos, int count, int n, double error)
    {
        double[] values = lanczos.Values;
        double tolerance = Math.Max(error, 1e-10 * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1])));
        bool hasConverged = values.Length >= 2 * count
            && lanczos.Residuals.AsSpan(0, count).IndexOfAnyExceptInRange(0, tolerance) < 0
            && lanczos.Residuals.AsSpan(values.Length - count).IndexOfAnyExceptInRange(0, tolerance) < 0;
        if (!hasConverged)
        {
            return false;
        }

        (double low, double high) = Interval(lanczos, n, 2 * error * Math.Sqrt(lanczos.Steps));
        bool hasBothSigns = values[0] < -10 * tolerance && values[^1] > 10 * tolerance;
        return hasBothSigns || low > 0 || high < 0 || lanczos.IsComplete;
    }

    /// <summary>An interval that has all eigenvalues, with a risk of <see cref="Risk"/>.</summary>
    /// <remarks>
    /// For a positive semidefinite matrix and a start vector that is uniformly distributed on the sphere, the largest Ritz value after k steps is below 1 − ε
    /// of the largest eigenvalue with a probability of at most 1.648·√n·exp(−√ε·(2k − 1)) (Kuczyński and Woźniakowski, "Estimating the largest eigenvalue by
    /// the power and Lanczos algorithms with a random start", SIAM J. Matrix Anal. Appl. 13(4), 1992, theorem 4.2). For H − λ_min·I and λ_max·I − H it
    /// says that each end of the spectrum is at most ε·(λ_max − λ_min) beyond the Ritz value, so that the Ritz values span at least 1 − 2ε of the spectrum.
    /// </remarks>
    private static (double Low, double High) Interval(Lanczos lanczos, int n, double error)
    {
        double root = RuleMath.Log(1.648 * Math.Sqrt(n) / (Risk / 2)) / (2 * lanczos.Steps - 1);
        double missed = root * root;
        if (missed >= 0.5)
        {
            return (double.NegativeInfinity, double.PositiveInfinity);
        }

        double low = lanczos.Values[0] - error, high = lanczos.Values[^1] + error;
        double beyond = missed / (1 - 2 * missed) * (high - low);
        return (low - beyond, high + beyond);
    }
}
