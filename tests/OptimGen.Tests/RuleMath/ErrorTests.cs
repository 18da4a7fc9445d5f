using System.Globalization;
using Xunit.Abstractions;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>
/// The stated error bounds. In double the reference is <see cref="BigFloat"/>; in single precision it is the platform's function in double, whose own
/// error is 2⁻²⁹ of what is measured. The largest error that a run sees is written to its output.
/// </summary>
public class ErrorTests(ITestOutputHelper output)
{
    /// <summary>The environment variable that sets the number of arguments in double; the documented errors were measured with 2,000,000.</summary>
    private const string CountVariable = "OPTIMGEN_RULE_MATH_ARGUMENTS";

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public void Exp_OfDouble_IsWithinItsBound() => RequireDouble<Exp>(Arguments.ForExp(Count).Select(x => (x, 0.0)), 0.9);

    [Fact]
    public void Log_OfDouble_IsWithinItsBound() => RequireDouble<Log>(Arguments.ForLog(Count).Select(x => (x, 0.0)), 0.9);

    [Fact]
    public void Tanh_OfDouble_IsWithinItsBound() => RequireDouble<Tanh>(Arguments.ForTanh(Count).Select(x => (x, 0.0)), 0.95);

    [Fact]
    public void Sin_OfDouble_IsWithinItsBound() => RequireDouble<Sin>(Arguments.ForSinAndCos(Count).Select(x => (x, 0.0)), 0.8);

    [Fact]
    public void Cos_OfDouble_IsWithinItsBound() => RequireDouble<Cos>(Arguments.ForSinAndCos(Count).Select(x => (x, 0.0)), 0.8);

    [Fact]
    public void Cbrt_OfDouble_IsWithinItsBound() => RequireDouble<Cbrt>(Arguments.ForCbrt(Count).Select(x => (x, 0.0)), 0.501);

    [Fact]
    public void Pow_OfDouble_IsWithinItsBound() => RequireDouble<Pow>(Arguments.ForPow(Count, -1074, 1024), 1.5);

    [Fact]
    public void Exp_OfSingle_IsWithinItsBound() => RequireSingleSweep<Exp>(0.501);

    [Fact]
    public void Log_OfSingle_IsWithinItsBound() => RequireSingleSweep<Log>(0.501);

    [Fact]
    public void Tanh_OfSingle_IsWithinItsBound() => RequireSingleSweep<Tanh>(0.501);

    [Fact]
    public void Sin_OfSingle_IsWithinItsBound() => RequireSingleSweep<Sin>(0.501);

    [Fact]
    public void Cos_OfSingle_IsWithinItsBound() => RequireSingleSweep<Cos>(0.501);

    [Fact]
    public void Cbrt_OfSingle_IsWithinItsBound() => RequireSingleSweep<Cbrt>(0.501);

    [Fact]
    public void Pow_OfSingle_IsWithinItsBound()
    {
        (double X, double Y)[] arguments = [.. Arguments.ForPow(1_000_000, -149, 128)];
        double largest = 0;
        for (int start = 0; start + 16 <= arguments.Length; start += Widths<Pow>.Block)
        {
            (double X, double Y)[] block = arguments[start..(start + Math.Min(Widths<Pow>.Block, (arguments.Length - start) / 16 * 16))];
            largest = Math.Max(largest, LargestError<Pow>([.. block.Select(pair => (float)pair.X)], [.. block.Select(pair => (float)pair.Y)]));
        }

        Report<Pow>(largest, 0.501);
    }

    /// <summary>Every 409th of the 2³² floats, so every exponent some 40,000 times.</summary>
    private void RequireSingleSweep<TFunction>(double bound)
        where TFunction : IFunction
    {
        const uint Stride = 409;
        float[] x = new float[Widths<TFunction>.Block];
        float[] y = new float[x.Length];
        double largest = 0;
        for (ulong bits = 0; bits <= uint.MaxValue;)
        {
            for (int i = 0; i < x.Length; i++, bits += Stride)
            {
                x[i] = BitConverter.UInt32BitsToSingle((uint)bits);
            }

            largest = Math.Max(largest, LargestError<TFunction>(x, y));
        }

        Report<TFunction>(largest, bound);
    }

    private static double LargestError<TFunction>(float[] x, float[] y)
        where TFunction : IFunction
    {
        float[] results = new float[x.Length];
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            results[i] = TFunction.Of(x[i], y[i]);
            double error = UlpsTo(TFunction.OfPlatform(x[i], y[i]), results[i]);
            if (!(error <= 1))
            {
                Assert.Fail(FormattableString.Invariant($"{typeof(TFunction).Name}({x[i]:R}f, {y[i]:R}f) is {results[i]:R}, off by {error} units."));
            }

            largest = Math.Max(largest, error);
        }

        Widths<TFunction>.Require(x, y, results);
        return largest;
    }

    private static double UlpsTo(double exact, float result)
    {
        if (double.IsNaN(exact) || float.IsNaN(result) || float.IsInfinity(result) || exact == 0)
        {
            // A result that is not finite, or is zero, must have the bits of the float nearest to the exact result.
            return BitConverter.SingleToInt32Bits(result) == BitConverter.SingleToInt32Bits(double.IsNaN(exact) ? float.NaN : (float)exact)
                ? 0
                : double.PositiveInfinity;
        }

        int exponent = Math.Max(Math.ILogB(exact), -126);
        return Math.Abs(Math.ScaleB(result - exact, 23 - exponent));
    }

    private void RequireDouble<TFunction>(IEnumerable<(double X, double Y)> arguments, double bound)
        where TFunction : IFunction
    {
        double largest = 0;
        foreach ((double x, double y) in arguments)
        {
            double result = TFunction.Of(x, y);
            double error = TFunction.Exact(x, y).UlpsTo(result);
            if (!(error <= bound))
            {
                Assert.Fail(FormattableString.Invariant($"{typeof(TFunction).Name}({x:R}, {y:R}) is {result:R}, off by {error} units."));
            }

            largest = Math.Max(largest, error);
        }

        Report<TFunction>(largest, bound);
    }

    private void Report<TFunction>(double largest, double bound)
    {
        output.WriteLine(FormattableString.Invariant($"{typeof(TFunction).Name}: {largest:F5} units in the last place; bound {bound}."));
        Assert.InRange(largest, 0, bound);
    }
}
