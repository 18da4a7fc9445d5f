using System.Numerics;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>
/// The number significand·2^exponent, with as many bits as it needs, and the functions under test computed by their plainest series in fixed-point
/// arithmetic: a reference that shares no code with the functions under test.
/// </summary>
public readonly record struct BigFloat(BigInteger Significand, int Exponent)
{
    /// <summary>The bits after the point in all fixed-point arithmetic here.</summary>
    private const int Point = 320;

    private static readonly BigInteger Unit = BigInteger.One << Point;

    private static readonly BigInteger Ln2 = 2 * InverseTangent(Unit / 3);

    /// <summary>π = 16 arctan ⅕ − 4 arctan 1/239, by Machin.</summary>
    private static readonly BigInteger Pi = 16 * InverseCotangent(5) - 4 * InverseCotangent(239);

    public static BigFloat From(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int field = (int)(bits >> 52) & 0x7FF;
        long significand = bits & 0xFFFFFFFFFFFFF;
        significand = field == 0 ? significand : significand | (1L << 52);
        return new BigFloat(bits < 0 ? -significand : significand, Math.Max(field, 1) - 1075);
    }

    public static BigFloat Exp(double x) => ExpOfFixed(From(x).ToFixed());

    public static BigFloat Log(double x) => new(LogToFixed(x), -Point);

    public static BigFloat Pow(double x, double y)
    {
        BigFloat exponent = From(y);
        BigFloat power = ExpOfFixed(Shift(exponent.Significand * LogToFixed(Math.Abs(x)), exponent.Exponent));
        return x < 0 && !exponent.IsEven ? power with { Significand = -power.Significand } : power;
    }

    public static BigFloat Tanh(double x)
    {
        if (Math.Abs(x) < Math.ScaleB(1, -40))
        {
            // x − x³/3; the next term is 2⁻¹⁶⁰ of the first.
            BigFloat argument = From(x);
            BigInteger square = Shift(argument.Significand * argument.Significand, 2 * argument.Exponent + Point);
            return new BigFloat(argument.Significand * (Unit - square / 3), argument.Exponent - Point);
        }

        BigInteger exponential = ExpOfFixed(2 * From(x).ToFixed()).ToFixed();
        return new BigFloat(((exponential - Unit) << Point) / (exponential + Unit), -Point);
    }

    /// <param name="x">An argument whose bits after the point, with those of the result, fit into fixed point: of a magnitude below 2¹²⁸.</param>
    public static BigFloat Sin(double x)
    {
        if (Math.Abs(x) < Math.ScaleB(1, -40))
        {
            // x − x³/6; the next term is 2⁻¹⁶⁰ of the first.
            BigFloat argument = From(x);
            BigInteger square = Shift(argument.Significand * argument.Significand, 2 * argument.Exponent + Point);
            return new BigFloat(argument.Significand * (Unit - square / 6), argument.Exponent - Point);
        }

        return new BigFloat(SinOfFixed(From(x).ToFixed()), -Point);
    }

    /// <inheritdoc cref="Sin"/>
    public static BigFloat Cos(double x) => new(SinOfFixed(From(x).ToFixed() + Pi / 2), -Point);

    public static BigFloat Cbrt(double x)
    {
        BigFloat argument = From(Math.Abs(x));
        // Shifts so that the exponent is a multiple of 3, and the root has 160 bits.
        int shift = 480 + ((argument.Exponent % 3) + 3) % 3;
        BigInteger cube = argument.Significand << shift;
        BigInteger root = BigInteger.One << (int)(cube.GetBitLength() / 3 + 1);
        while (true)
        {
            BigInteger next = (2 * root + cube / (root * root)) / 3;
            if (next >= root)
            {
                break;
            }

            root = next;
        }

        return new BigFloat(x < 0 ? -root : root, (argument.Exponent - shift) / 3);
    }

    /// <summary>The error of a result, in units in the last place of the exact result as a double.</summary>
    /// <param name="result">A finite double, or an infinite one where the exact result is too large.</param>
    public double UlpsTo(double result)
    {
        int top = (int)BigInteger.Abs(Significand).GetBitLength() + Exponent;
        int ulp = Math.Max(top - 53, -1074);
        if (double.IsInfinity(result))
        {
            // Infinity counts as 2¹⁰²⁴: it is the correctly rounded result from half a unit below that.
            result = Math.CopySign(double.MaxValue, result);
            return top > 1024 ? 0 : UlpsTo(result) is var below && below > 0.5 ? 1 - below : double.PositiveInfinity;
        }

        BigFloat given = From(result);
        int common = Math.Min(Exponent, given.Exponent);
        BigInteger difference = (Significand << (Exponent - common)) - (given.Significand << (given.Exponent - common));
        // Forty bits of fraction are enough.
        return Math.ScaleB((double)Shift(BigInteger.Abs(difference), common - ulp + 40), -40);
    }

    private bool IsEven => Exponent > 0 || (Significand >> -Exponent).IsEven;

    private BigInteger ToFixed() => Shift(Significand, Exponent + Point);

    private static BigInteger Shift(BigInteger value, int left) => left >= 0 ? value << left : value >> -left;

    private static BigInteger Multiply(BigInteger left, BigInteger right) => (left * right) >> Point;

    /// <summary>e^x = 2ⁿ·(e^(r/256))²⁵⁶, by the Taylor series.</summary>
    private static BigFloat ExpOfFixed(BigInteger x)
    {
        BigInteger n = BigInteger.Divide(x, Ln2);
        BigInteger r = (x - n * Ln2) >> 8;
        BigInteger sum = Unit;
        BigInteger term = Unit;
        for (int i = 1; !term.IsZero && term != -1; i++)
        {
            term = Multiply(term, r) / i;
            sum += term;
        }

        for (int i = 0; i < 8; i++)
        {
            sum = Multiply(sum, sum);
        }

        return new BigFloat(sum, (int)n - Point);
    }

    /// <summary>The Taylor series, after whole turns are taken off.</summary>
    private static BigInteger SinOfFixed(BigInteger x)
    {
        BigInteger r = BigInteger.Remainder(x, 2 * Pi);
        BigInteger square = Multiply(r, r);
        BigInteger sum = r;
        BigInteger term = r;
        for (int i = 2; !term.IsZero && term != -1; i += 2)
        {
            term = -Multiply(term, square) / (i * (i + 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>arctan 1/n = 1/n − 1/(3n³) + 1/(5n⁵) − …</summary>
    private static BigInteger InverseCotangent(int n)
    {
        BigInteger power = Unit / n;
        BigInteger sum = power;
        for (int i = 3; !power.IsZero && power != -1; i += 2)
        {
            power = -power / (n * n);
            sum += power / i;
        }

        return sum;
    }

    /// <summary>ln x = k·ln 2 + 2 artanh((m − 1)/(m + 1)).</summary>
    private static BigInteger LogToFixed(double x)
    {
        BigFloat argument = From(x);
        int k = (int)argument.Significand.GetBitLength() + argument.Exponent;
        BigInteger m = Shift(argument.Significand, argument.Exponent - k + Point);
        if (m < Unit * 7 / 10)
        {
            m <<= 1;
            k--;
        }

        return k * Ln2 + 2 * InverseTangent(((m - Unit) << Point) / (m + Unit));
    }

    /// <summary>artanh s = s + s³/3 + s⁵/5 + …</summary>
    private static BigInteger InverseTangent(BigInteger s)
    {
        BigInteger square = Multiply(s, s);
        BigInteger sum = s;
        BigInteger power = s;
        for (int i = 3; !power.IsZero && power != -1; i += 2)
        {
            power = Multiply(power, square);
            sum += power / i;
        }

        return sum;
    }
}
