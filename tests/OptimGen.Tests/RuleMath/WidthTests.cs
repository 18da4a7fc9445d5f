namespace OptimGen.Tests.RuleMathTests;

/// <summary>
/// One element and vectors of every width give the same bits. <see cref="ErrorTests"/> checks it too, for the ten million floats of its sweeps.
/// </summary>
public class WidthTests
{
    private const int Count = 400_000;

    [Fact]
    public void Exp_OfEveryWidth_IsTheSame() => RequireUnary<Exp>(Arguments.ForExp(Count));

    [Fact]
    public void Log_OfEveryWidth_IsTheSame() => RequireUnary<Log>(Arguments.ForLog(Count));

    [Fact]
    public void Tanh_OfEveryWidth_IsTheSame() => RequireUnary<Tanh>(Arguments.ForTanh(Count));

    [Fact]
    public void Sin_OfEveryWidth_IsTheSame() => RequireUnary<Sin>(Arguments.ForSinAndCos(Count));

    [Fact]
    public void Cos_OfEveryWidth_IsTheSame() => RequireUnary<Cos>(Arguments.ForSinAndCos(Count));

    [Fact]
    public void Cbrt_OfEveryWidth_IsTheSame() => RequireUnary<Cbrt>(Arguments.ForCbrt(Count));

    [Fact]
    public void Pow_OfEveryWidth_IsTheSame()
    {
        Require<Pow>(Arguments.ForPow(Count, -1074, 1024));
        Require<Pow>(Arguments.ForPow(Count, -149, 128));
        Require<Pow>(RandomBits(Count).Zip(RandomBits(Count + 1).Skip(1)));
        Require<Pow>(from x in Arguments.Special from y in Arguments.Special select (x, y));
    }

    private static void RequireUnary<TFunction>(IEnumerable<double> arguments)
        where TFunction : IFunction =>
        Require<TFunction>(arguments.Concat(Arguments.Special).Concat(RandomBits(Count)).Select(x => (x, 0.0)));

    /// <summary>Checks the arguments in double, and the same arguments rounded to single precision.</summary>
    private static void Require<TFunction>(IEnumerable<(double X, double Y)> arguments)
        where TFunction : IFunction
    {
        foreach ((double X, double Y)[] chunk in arguments.Chunk(Widths<TFunction>.Block))
        {
            // A block has as many arguments as whole vectors have lanes. The last block is padded with (0, 0).
            double[] x = new double[Widths<TFunction>.Block], y = new double[x.Length], results = new double[x.Length];
            float[] singleX = new float[x.Length], singleY = new float[x.Length], singleResults = new float[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                (x[i], y[i]) = i < chunk.Length ? chunk[i] : default;
                (singleX[i], singleY[i]) = ((float)x[i], (float)y[i]);
                results[i] = TFunction.Of(x[i], y[i]);
                singleResults[i] = TFunction.Of(singleX[i], singleY[i]);
            }

            Widths<TFunction>.Require(x, y, results);
            Widths<TFunction>.Require(singleX, singleY, singleResults);
        }
    }

    private static IEnumerable<double> RandomBits(int count)
    {
        var random = new Random(6);
        for (int i = 0; i < count; i++)
        {
            yield return BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        }
    }
}
