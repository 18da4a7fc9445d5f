namespace OptimGen.Tests.RuleMathTests;

/// <summary>Arguments over the whole range of each function, and arguments near its boundaries. The same in every run.</summary>
internal static class Arguments
{
    /// <summary>The boundaries of all cases: zeros, subnormal numbers, ones, infinities, NaNs of both signs and of other payloads, overflow and underflow.</summary>
    public static double[] Special { get; } =
    [
        .. new[]
        {
            0, double.Epsilon, 3 * double.Epsilon, 1e-310, BitConverter.Int64BitsToDouble(0xFFFFFFFFFFFFF), 2.2250738585072014E-308, 1e-300, 1e-20, 1e-9,
            1.0 / 3, 0.34657359027997264, 0.5, Math.Sqrt(0.5), 0.75, Math.BitDecrement(1), 1, Math.BitIncrement(1), 1.25, Math.Sqrt(2), 1.5, 2, 2.5, 3, 4, 5, 8, 9,
            9.02, 10, 11, 19.06, 19.07, 20, 22, 27, 64, 88.72283, 88.72284, 89, 103.97, 104, 105, 708.4, 709.78, 709.782712893384, 709.7827128933841, 710, 745.13,
            745.1332191019411, 745.1332191019412, 746, 750, 1e3, 1e4, 16777215, 16777216, 1e9, 9007199254740991, 9007199254740992, 9007199254740993, 1e20, 1e30,
            1e100, 1e300, double.MaxValue, double.PositiveInfinity, double.NaN, BitConverter.Int64BitsToDouble(0x7FF4000000000001),
            BitConverter.Int64BitsToDouble(0x7FFC123456789ABC), float.MaxValue, float.Epsilon, 1.17549435E-38f,
        }.SelectMany(value => new[] { value, -value }),
    ];

    public static IEnumerable<double> ForExp(int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 4) switch
            {
                0 => -745.2 + random.NextDouble() * 1455,
                1 => AnyExponent(random, -60, 9),
                // Halfway between two values of n, where the reduced argument is largest.
                2 => (random.Next(-1074, 1023) + 0.5 + (random.NextDouble() - 0.5) * 1e-3) * Math.Log(2),
                _ => -745.2 + random.NextDouble() * 37,
            };
        }
    }

    public static IEnumerable<double> ForLog(int count)
    {
        var random = new Random(2);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 4) switch
            {
                0 => Math.Abs(AnyExponent(random, -1074, 1023)),
                1 => 1 + AnyExponent(random, -52, -1),
                2 => 0.5 + 1.5 * random.NextDouble(),
                // On both sides of the point where the significand wraps around and the exponent increments.
                _ => Math.ScaleB(Math.Sqrt(2) * (1 + AnyExponent(random, -50, -4)), random.Next(-2, 2)),
            };
        }
    }

    public static IEnumerable<double> ForTanh(int count)
    {
        var random = new Random(3);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 3) switch
            {
                0 => AnyExponent(random, -1074, 5),
                1 => (random.NextDouble() * 2 - 1) * 1.5,
                _ => (random.NextDouble() * 2 - 1) * 20,
            };
        }
    }

    public static IEnumerable<double> ForSinAndCos(int count)
    {
        var random = new Random(7);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 5) switch
            {
                0 => AnyExponent(random, -1074, 48),
                1 => (random.NextDouble() * 2 - 1) * 7,
                // Next to multiples of a quarter turn, where one of the two functions is smallest, and halfway between, where the reduced argument is largest.
                2 => random.NextInt64(1L << random.Next(1, 47)) * (Math.PI / 2) * (1 + random.Next(-2, 3) * Math.ScaleB(1, -52)),
                3 => (random.NextInt64(1L << random.Next(1, 47)) + 0.5) * (Math.PI / 2) * (1 + random.Next(-2, 3) * Math.ScaleB(1, -52)),
                _ => AnyExponent(random, 20, 48),
            };
        }
    }

    public static IEnumerable<double> ForCbrt(int count)
    {
        var random = new Random(4);
        for (int i = 0; i < count; i++)
        {
            yield return (i % 3) switch
            {
                0 => AnyExponent(random, -1074, 1023),
                1 => 0.5 + 7.5 * random.NextDouble(),
                // Neighbours of cubes.
                _ => Math.Pow(random.Next(1, 200000), 3) * (1 + random.Next(-2, 3) * Math.ScaleB(1, -52)),
            };
        }
    }

    /// <summary>Pairs whose power is finite and not zero: the exponent is drawn for the base, so that the power is spread over all magnitudes.</summary>
    public static IEnumerable<(double X, double Y)> ForPow(int count, int smallest, int largest)
    {
        var random = new Random(5);
        for (int i = 0; i < count; i++)
        {
            double x = (i % 4) switch
            {
                0 => Math.Abs(AnyExponent(random, smallest, largest)),
                1 => 1 + AnyExponent(random, -52, -1),
                2 => 0.5 + 1.5 * random.NextDouble(),
                _ => Math.ScaleB(Math.Sqrt(2) * (1 + AnyExponent(random, -50, -4)), random.Next(-2, 2)),
            };
            if (x == 1)
            {
                continue;
            }

            double logarithm = smallest + 1 + random.NextDouble() * (largest - smallest - 1);
            double y = i % 3 == 0 ? random.Next(-40, 40) + 0.5 * random.Next(2) : logarithm / Math.Log2(x);
            double power = y * Math.Log2(x);
            if (power > smallest && power < largest)
            {
                yield return (y == Math.Floor(y) && i % 2 == 0 ? -x : x, y);
            }
        }
    }

    /// <summary>A number of random sign and significand, whose exponent is drawn first.</summary>
    private static double AnyExponent(Random random, int smallest, int largest) =>
        Math.ScaleB((1 + random.NextDouble()) * (1 - 2 * random.Next(2)), random.Next(smallest, largest));
}
