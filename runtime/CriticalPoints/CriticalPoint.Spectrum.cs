using System.Numerics;

namespace OptimGen;

/// <content>The whole spectrum.</content>
public static partial class CriticalPoint
{
    /// <summary>
    /// Computes all eigenvalues of the Hessian at the parameters, up to <see cref="CriticalPointOptions{T}.FullHessianLimit"/> elements, and above that their
    /// density, from <see cref="CriticalPointOptions{T}.SpectrumProbes"/> random directions with at most
    /// <see cref="CriticalPointOptions{T}.MaxLanczosSteps"/> products each.
    /// </summary>
    /// <inheritdoc cref="Analyze{T}(ParameterSet{T}, Objective{T}, MiniBatch, CriticalPointOptions{T})"/>
    public static HessianSpectrum Spectrum<T>(
        ParameterSet<T> parameters, Objective<T> objective, MiniBatch batch, CriticalPointOptions<T>? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new CriticalPointOptions<T>();
        using FixedObjective<T> point = Begin(parameters, objective, batch, options);
        var random = new RandomDirection(options.Seed);
        (_, IHessianProducts products) = Products(point, options, ref random);
        int n = point.Length;
        (double[], double[])[] quadratures;
        double error;
        double? asymmetry = null;
        if (n <= options.FullHessianLimit)
        {
            var hessian = FullHessian.Compute(products, n);
            var weights = new double[n];
            Array.Fill(weights, 1.0 / n);
            (quadratures, error, asymmetry) = ([(hessian.Values, weights)], hessian.Error, hessian.Asymmetry);
        }
        else
        {
            quadratures = new (double[], double[])[options.SpectrumProbes];
            error = products.TypicalError;
            for (int i = 0; i < quadratures.Length; i++)
            {
                quadratures[i] = Quadrature(products, n, options.MaxLanczosSteps, ref random);
            }
        }

        point.RequireSamePoint();
        return new HessianSpectrum(n, quadratures, error, asymmetry, point.Evaluations);
    }

    private static (double[] Nodes, double[] Weights) Quadrature(IHessianProducts products, int n, int mostSteps, ref RandomDirection random)
    {
        var lanczos = new Lanczos(products.Multiply, random.Next(n), random);
        while (lanczos.Steps < Math.Min(mostSteps, n))
        {
            lanczos.Step();
        }

        return lanczos.Quadrature();
    }
}
