namespace OptimGen;

/// <summary>
/// The powers of one base that steps have asked for. A power is base⁶⁴ᵠ·baseʳ, each by repeated squaring, with twice the precision of a double. A step
/// finds both as the last one left them and has one product to form; what it finds changes no bit.
/// </summary>
internal sealed class PowerTable
{
    private const int Length = 64;

    /// <summary>A rule has a power or two, whose bases seldom change.</summary>
    private const int TableCount = 4;

    [ThreadStatic]
    private static PowerTable[]? tables;

    [ThreadStatic]
    private static int next;

    private readonly (double High, double Low)[] remainders = new (double, double)[Length];
    private double @base = double.NaN;
    private long quotient;
    private (double High, double Low) multiple;

    public static double Power(double @base, long exponent)
    {
        PowerTable table = Of(@base);
        (long quotient, long remainder) = (exponent / Length, exponent % Length);
        return Multiply(table.OfMultiple(quotient), table.OfRemainder(remainder)).High;
    }

    private static PowerTable Of(double @base)
    {
        foreach (PowerTable table in tables ??= [.. Enumerable.Range(0, TableCount).Select(_ => new PowerTable())])
        {
            if (table.@base == @base)
            {
                return table;
            }
        }

        next = (next + 1) % TableCount;
        tables[next].Begin(@base);
        return tables[next];
    }

    private static (double High, double Low) BySquaring(double @base, long exponent)
    {
        (double High, double Low) result = (1, 0), square = (@base, 0);
        for (long bits = exponent; bits > 0; bits >>= 1)
        {
            if ((bits & 1) != 0)
            {
                result = Multiply(result, square);
            }

            square = Multiply(square, square);
        }

        return result;
    }

    /// <summary>Dekker's product of two unevaluated sums, with the fused multiply-add in place of the splitting.</summary>
    private static (double High, double Low) Multiply((double High, double Low) x, (double High, double Low) y)
    {
        double product = x.High * y.High;
        double error = Math.FusedMultiplyAdd(x.High, y.High, -product);
        error = Math.FusedMultiplyAdd(x.High, y.Low, Math.FusedMultiplyAdd(x.Low, y.High, error));
        double high = product + error;
        return (high, error - (high - product));
    }

    private void Begin(double @base)
    {
        this.@base = @base;
        quotient = -1;
        Array.Fill(remainders, (double.NaN, 0));
    }

    private (double High, double Low) OfMultiple(long quotient)
    {
        if (this.quotient != quotient)
        {
            multiple = BySquaring(@base, quotient * Length);
            this.quotient = quotient;
        }

        return multiple;
    }

    private (double High, double Low) OfRemainder(long remainder)
    {
        ref (double High, double Low) entry = ref remainders[remainder];
        if (double.IsNaN(entry.High))
        {
            entry = BySquaring(@base, remainder);
        }

        return entry;
    }
}
