namespace OptimGen;

/// <summary>
/// A cache of powers of one base. The power with exponent 64q + r is base⁶⁴ᵠ·baseʳ, each factor by repeated squaring in double-double arithmetic.
/// Successive steps have successive exponents, so both factors are usually cached and a step computes one product. A cached factor has the same bits as
/// a new one.
/// </summary>
internal sealed class PowerTable
{
    private const int Length = 64;

    /// <summary>The number of bases cached on each thread. A rule uses one or two, such as β₁ and β₂, and they seldom change.</summary>
    private const int TableCount = 4;

    [ThreadStatic]
    private static PowerTable[]? tables;

    /// <summary>The table that was replaced last; they are replaced in turn (round robin).</summary>
    [ThreadStatic]
    private static int lastReplaced;

    /// <summary>baseʳ for r below <see cref="Length"/>; NaN where it has not been computed.</summary>
    private readonly (double High, double Low)[] remainderPowers = new (double, double)[Length];
    private double @base = double.NaN;

    /// <summary>The q of <see cref="quotientPower"/>.</summary>
    private long quotient;

    /// <summary>base⁶⁴ᵠ of the last call.</summary>
    private (double High, double Low) quotientPower;

    public static double Power(double @base, long exponent)
    {
        PowerTable table = TableFor(@base);
        (long quotient, long remainder) = (exponent / Length, exponent % Length);
        return Multiply(table.QuotientPower(quotient), table.RemainderPower(remainder)).High;
    }

    private static PowerTable TableFor(double @base)
    {
        foreach (PowerTable table in tables ??= [.. Enumerable.Range(0, TableCount).Select(_ => new PowerTable())])
        {
            if (table.@base == @base)
            {
                return table;
            }
        }

        lastReplaced = (lastReplaced + 1) % TableCount;
        tables[lastReplaced].Reset(@base);
        return tables[lastReplaced];
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

    /// <summary>
    /// Dekker's product of two double-doubles (unevaluated sums High + Low), with a fused multiply-add in place of Veltkamp's splitting.
    /// </summary>
    private static (double High, double Low) Multiply((double High, double Low) x, (double High, double Low) y)
    {
        double product = x.High * y.High;
        double error = Math.FusedMultiplyAdd(x.High, y.High, -product);
        error = Math.FusedMultiplyAdd(x.High, y.Low, Math.FusedMultiplyAdd(x.Low, y.High, error));
        double high = product + error;
        return (high, error - (high - product));
    }

    private void Reset(double @base)
    {
        this.@base = @base;
        quotient = -1;
        Array.Fill(remainderPowers, (double.NaN, 0));
    }

    private (double High, double Low) QuotientPower(long quotient)
    {
        if (this.quotient != quotient)
        {
            quotientPower = BySquaring(@base, quotient * Length);
            this.quotient = quotient;
        }

        return quotientPower;
    }

    private (double High, double Low) RemainderPower(long remainder)
    {
        ref (double High, double Low) entry = ref remainderPowers[remainder];
        if (double.IsNaN(entry.High))
        {
            entry = BySquaring(@base, remainder);
        }

        return entry;
    }
}
