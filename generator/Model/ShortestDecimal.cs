using System.Globalization;
using System.Text.RegularExpressions;

namespace OptimGen.Generator.Model;

/// <summary>The decimal with the fewest digits that is read as the same number, whatever the culture.</summary>
internal static class ShortestDecimal
{
    // "R" does not always round-trip on the older runtimes that may host a compiler, so the digits are counted up.

    /// <summary>The shortest decimal that gives the same float.</summary>
    public static string Of(float value) =>
        Shortest(9, digits => value.ToString("G" + digits, CultureInfo.InvariantCulture), text => float.Parse(text, CultureInfo.InvariantCulture) == value);

    /// <summary>The shortest decimal that gives the same double.</summary>
    public static string Of(double value) =>
        Shortest(17, digits => value.ToString("G" + digits, CultureInfo.InvariantCulture), text => double.Parse(text, CultureInfo.InvariantCulture) == value);

    /// <summary>What was meant by a number that may have been written as a float: 0.999f is 0.999.</summary>
    public static double Meant(double value)
    {
        float single = (float)value;
        return single == value && !float.IsInfinity(single) ? double.Parse(Of(single), CultureInfo.InvariantCulture) : value;
    }

    private static string Shortest(int most, Func<int, string> print, Func<string, bool> isExact)
    {
        // 1000 reads better as 1000 than as 1e3.
        string nine = print(9);
        if (nine.All(char.IsDigit) && isExact(nine))
        {
            return nine;
        }

        string shortest = print(1);
        for (int digits = 2; digits <= most && !isExact(shortest); digits++)
        {
            shortest = print(digits);
        }

        // 1E-08 reads better as 1e-8.
        return shortest.IndexOf('E') < 0 ? shortest : Regex.Replace(shortest, @"E([+-])0*(\d)", match => "e" + match.Groups[1].Value.TrimStart('+') + match.Groups[2].Value);
    }
}
