namespace OptimGen.Tests.Catalogue;

/// <summary>Parameters and gradients of the catalogue's tests, the same on every run. Some columns have a gradient of a special kind.</summary>
internal static class Columns
{
    /// <summary>More than one iteration of the widest unrolled loop (4 vectors of 16), and a tail.</summary>
    public const int Count = 67;

    public const int Zero = 0;

    public static double[] Parameters()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Count).Select(_ => (double)(float)((random.NextDouble() * 4) - 2))];
    }

    public static double[] Gradient(int step)
    {
        var random = new Random(700 + step);
        return
        [
            .. Enumerable.Range(0, Count).Select(column =>
            {
                double value = (random.NextDouble() * 4) - 2;
                return (double)(float)(column switch
                {
                    Zero => 0,
                    // The square underflows.
                    1 => value * 1e-24,
                    2 => value * 1e-6,
                    // The square is large and still finite.
                    3 => value * 1e10,
                    4 => 0.5,
                    5 => step % 2 == 0 ? value : 0,
                    6 => step % 10 == 1 ? value : 0,
                    7 => step % 2 == 0 ? 0.8 : -0.5,
                    8 => step < 6 ? 0 : value,
                    // The gradient decays to 0.
                    9 => value * Math.Pow(0.5, step),
                    _ => value,
                });
            }),
        ];
    }

    /// <summary>Writes doubles that are floats.</summary>
    public static void Copy(double[] from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
        }
    }
}
