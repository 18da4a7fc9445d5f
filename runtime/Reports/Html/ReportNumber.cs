using System.Globalization;

namespace OptimGen;

/// <summary>Numbers of a page, the same in every culture.</summary>
internal static class ReportNumber
{
    private const string Missing = "–";

    /// <summary>A number with up to five significant digits; a dash for NaN.</summary>
    public static string Of(double value)
    {
        double size = Math.Abs(value);
        string text = value switch
        {
            double.NaN => Missing,
            double.PositiveInfinity => "∞",
            double.NegativeInfinity => "-∞",
            _ when size is 0 or (>= 1e-4 and < 1e6) => value.ToString(size >= 1e4 ? "#,0.#" : "G5", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####e0", CultureInfo.InvariantCulture),
        };
        return text.Replace('-', '−');
    }

    public static string Of(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
