namespace OptimGen.Tests.Kernels;

/// <summary>Inputs of the kernel tests, the same on every run.</summary>
internal static class Data
{
    /// <summary>Special values (zeros, infinities, NaN), and values whose squares or sums overflow or underflow.</summary>
    private static readonly float[] Specials =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549435e-38f, -1e-38f, 1e-30f, -1e-20f, 1f, -1f, 0.75f, -0.75f, 1.0000001f,
        1e19f, -1e19f, 1e30f, -1e30f, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
    ];

    /// <summary>Parameters of ordinary size.</summary>
    public static float[] Values(int length)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    /// <summary>Gradients of ordinary size; some elements have none, at all or at first, a constant one, a small or large one, or one that alternates.</summary>
    public static float[] Gradient(int length, int step)
    {
        var random = new Random(1000 + step);
        return
        [
            .. Enumerable.Range(0, length).Select(i =>
            {
                double value = (random.NextDouble() * 4) - 2;
                return (float)((i % 16) switch
                {
                    3 => 0,
                    5 => 0.5,
                    7 => value * 1e-3,
                    9 => value * 20,
                    // Then the bias-corrected variance at the first step is not a difference of equal numbers, and its error stays small.
                    2 or 6 or 10 or 14 when step == 1 => 0,
                    11 => step % 2 == 0 ? 0.8 : -0.5,
                    _ => value,
                });
            }),
        ];
    }

    /// <summary>Half special, half random over sixteen orders of magnitude, in no pattern that a vector's width could hide.</summary>
    public static float[] Special(int length, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, length).Select(_ => random.Next(2) == 0
                ? Specials[random.Next(Specials.Length)]
                : (float)((random.Next(2) - 0.5) * Math.Pow(10, (random.NextDouble() * 16) - 8))),
        ];
    }
}
