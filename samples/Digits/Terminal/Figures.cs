using System.Globalization;

namespace Digits.Terminal;

/// <summary>Formats numbers for people, in the terminal and in the report, the same in every culture.</summary>
internal static class Figures
{
    private const string Missing = "–";

    public static string Cost(double cost) =>
        !double.IsFinite(cost) ? Missing : cost < 1000 ? Text($"{cost:0.0000}") : Text($"{cost:0.###e+0}");

    /// <summary>A percentage with two decimals, because one of 2,000 examples is 0.05 %.</summary>
    public static string Percent(double part) => double.IsNaN(part) ? Missing : Text($"{100 * part:0.00} %");

    public static string Rate(double rate) => rate is >= 1e-5 and < 1e6 ? Text($"{rate:0.########}") : Text($"{rate:0.####e0}");

    public static string Count(double count) => double.IsNaN(count) ? Missing : Text($"{count:#,0}");

    public static string Milliseconds(double seconds) =>
        double.IsNaN(seconds) ? Missing : seconds < 0.01 ? Text($"{1000 * seconds:0.00} ms") : Text($"{1000 * seconds:0.0} ms");

    /// <summary>An estimate, so to the second: 3:07, or 1:02:03.</summary>
    public static string TimeLeft(TimeSpan time) => time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>The time in the optimizer, and its percentage of an epoch.</summary>
    public static string Share(double seconds, double ofSeconds) =>
        double.IsNaN(seconds) ? Missing : Milliseconds(seconds) + Text($" ({100 * seconds / ofSeconds:0.0} %)");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
