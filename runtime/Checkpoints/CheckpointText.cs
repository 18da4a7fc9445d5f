using System.Globalization;

namespace OptimGen;

/// <summary>The texts of numbers in a checkpoint, in the invariant culture.</summary>
internal static class CheckpointText
{
    private const string True = "true";
    private const string False = "false";

    public static string Of(bool value) => value ? True : False;

    /// <summary>The shortest decimal that gives the same double again; −0, NaN and infinities included.</summary>
    public static string Of(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static double? Double(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    public static long? Int64(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    public static bool? Boolean(string text) => text switch
    {
        True => true,
        False => false,
        _ => null,
    };
}
