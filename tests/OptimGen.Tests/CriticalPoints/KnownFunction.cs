using System.Numerics;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>
/// f(θ) = f₀ + Σᵢ(dᵢyᵢ²/2 + a·yᵢ³/6 + b·yᵢ⁴/24) with y = Qᵀ(θ − c): at c the gradient is 0 and the Hessian Q·diag(d)·Qᵀ. Q is a product of three random
/// reflections. All is computed in double; values and gradients are rounded to the element type.
/// </summary>
internal sealed class KnownFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] center;
    private readonly double[][] reflections;
    private readonly double third, fourth, offset;

    public KnownFunction(double[] spectrum, Random random, double third = 0, double fourth = 0, double offset = 0, double centerSize = 1)
    {
        int n = spectrum.Length;
        Spectrum = spectrum;
        (this.third, this.fourth, this.offset) = (third, fourth, offset);
        reflections = [.. Enumerable.Range(0, 3).Select(_ => Unit(n, random))];
        Parameters = new ParameterSet<T>();
        // Several tensors, so that offsets matter.
        int first = Math.Max(1, n / 3);
        Parameters.Add("first", first);
        if (n > first)
        {
            Parameters.AddBias("second", n - first);
        }

        center = new double[n];
        int i = 0;
        foreach (Parameter<T> parameter in Parameters)
        {
            foreach (ref T value in parameter.Values)
            {
                value = T.CreateTruncating(centerSize * (random.NextDouble() - 0.5));
                center[i++] = double.CreateTruncating(value);
            }
        }
    }

    public double[] Spectrum { get; }

    public ParameterSet<T> Parameters { get; }

    public double Objective(ParameterSet<T> parameters, MiniBatch batch)
    {
        double[] y = new double[center.Length];
        int i = 0;
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (T value in parameter.Values)
            {
                y[i] = double.CreateTruncating(value) - center[i];
                i++;
            }
        }

        Reflect(y, reversed: false);
        double cost = offset;
        for (i = 0; i < y.Length; i++)
        {
            double x = y[i];
            cost += Spectrum[i] * x * x / 2 + third * x * x * x / 6 + fourth * x * x * x * x / 24;
            y[i] = Spectrum[i] * x + third * x * x / 2 + fourth * x * x * x / 6;
        }

        Reflect(y, reversed: true);
        i = 0;
        foreach (Parameter<T> parameter in parameters)
        {
            foreach (ref T gradient in parameter.Gradients)
            {
                gradient += T.CreateTruncating(y[i++]);
            }
        }

        return cost;
    }

    private void Reflect(double[] y, bool reversed)
    {
        foreach (double[] u in reversed ? reflections.Reverse() : reflections)
        {
            double product = 0;
            for (int i = 0; i < y.Length; i++)
            {
                product += u[i] * y[i];
            }

            for (int i = 0; i < y.Length; i++)
            {
                y[i] -= 2 * product * u[i];
            }
        }
    }

    private static double[] Unit(int n, Random random)
    {
        double[] u = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        double norm = Math.Sqrt(u.Sum(x => x * x));
        return [.. u.Select(x => x / norm)];
    }
}
