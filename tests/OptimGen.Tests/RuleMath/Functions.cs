using System.Runtime.Intrinsics;
using Functions = OptimGen.RuleMath;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>A function of <see cref="RuleMath"/> with all its overloads; functions of one argument ignore y.</summary>
public interface IFunction
{
    static abstract float Of(float x, float y);

    static abstract double Of(double x, double y);

    static abstract Vector128<float> Of(Vector128<float> x, Vector128<float> y);

    static abstract Vector128<double> Of(Vector128<double> x, Vector128<double> y);

    static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> y);

    static abstract Vector256<double> Of(Vector256<double> x, Vector256<double> y);

    static abstract Vector512<float> Of(Vector512<float> x, Vector512<float> y);

    static abstract Vector512<double> Of(Vector512<double> x, Vector512<double> y);

    /// <summary>The platform's function, in double: the reference for single precision.</summary>
    static abstract double OfPlatform(double x, double y);

    /// <summary>The result with at least sixty bits more than a double has, for arguments whose result is finite and not 0.</summary>
    static abstract BigFloat Exact(double x, double y);
}

public readonly struct Exp : IFunction
{
    public static float Of(float x, float y) => Functions.Exp(x);

    public static double Of(double x, double y) => Functions.Exp(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Exp(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Exp(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Exp(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Exp(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Exp(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Exp(x);

    public static double OfPlatform(double x, double y) => Math.Exp(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Exp(x);
}

public readonly struct Log : IFunction
{
    public static float Of(float x, float y) => Functions.Log(x);

    public static double Of(double x, double y) => Functions.Log(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Log(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Log(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Log(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Log(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Log(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Log(x);

    public static double OfPlatform(double x, double y) => Math.Log(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Log(x);
}

public readonly struct Pow : IFunction
{
    public static float Of(float x, float y) => Functions.Pow(x, y);

    public static double Of(double x, double y) => Functions.Pow(x, y);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Pow(x, y);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Pow(x, y);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Pow(x, y);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Pow(x, y);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Pow(x, y);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Pow(x, y);

    public static double OfPlatform(double x, double y) => Math.Pow(x, y);

    public static BigFloat Exact(double x, double y) => BigFloat.Pow(x, y);
}

public readonly struct Tanh : IFunction
{
    public static float Of(float x, float y) => Functions.Tanh(x);

    public static double Of(double x, double y) => Functions.Tanh(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Tanh(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Tanh(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Tanh(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Tanh(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Tanh(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Tanh(x);

    public static double OfPlatform(double x, double y) => Math.Tanh(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Tanh(x);
}

public readonly struct Sin : IFunction
{
    public static float Of(float x, float y) => Functions.Sin(x);

    public static double Of(double x, double y) => Functions.Sin(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Sin(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Sin(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Sin(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Sin(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Sin(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Sin(x);

    public static double OfPlatform(double x, double y) => Math.Sin(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Sin(x);
}

public readonly struct Cos : IFunction
{
    public static float Of(float x, float y) => Functions.Cos(x);

    public static double Of(double x, double y) => Functions.Cos(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Cos(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Cos(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Cos(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Cos(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Cos(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Cos(x);

    public static double OfPlatform(double x, double y) => Math.Cos(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Cos(x);
}

public readonly struct Cbrt : IFunction
{
    public static float Of(float x, float y) => Functions.Cbrt(x);

    public static double Of(double x, double y) => Functions.Cbrt(x);

    public static Vector128<float> Of(Vector128<float> x, Vector128<float> y) => Functions.Cbrt(x);

    public static Vector128<double> Of(Vector128<double> x, Vector128<double> y) => Functions.Cbrt(x);

    public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Functions.Cbrt(x);

    public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Functions.Cbrt(x);

    public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Functions.Cbrt(x);

    public static Vector512<double> Of(Vector512<double> x, Vector512<double> y) => Functions.Cbrt(x);

    public static double OfPlatform(double x, double y) => Math.Cbrt(x);

    public static BigFloat Exact(double x, double y) => BigFloat.Cbrt(x);
}
