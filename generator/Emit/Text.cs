using System.Globalization;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Names and texts as they stand in C#.</summary>
internal static class Text
{
    /// <summary>A constant that is read as a double; without a suffix where C# needs none (-0 would be a whole number).</summary>
    public static string Constant(double value) =>
        double.IsNaN(value) || double.IsInfinity(value) || (value == 0 && 1 / value < 0) ? ScalarDialect.LiteralOf("double", value) : ShortestDecimal.Of(value);

    /// <summary>A string literal.</summary>
    public static string Quote(string text) =>
        "\"" + Each(text.Replace("\\", "\\\\").Replace("\"", "\\\""), character => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture)) + "\"";

    /// <summary>Text inside of an XML documentation comment.</summary>
    public static string Xml(string text) => Each(text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;"), _ => " ");

    /// <summary>Replaces what would end a line of C#, or cannot stand in one: a string of the user's may have it.</summary>
    private static string Each(string text, Func<char, string> replace) => text.All(IsPlain)
        ? text
        : string.Concat(text.Select(character => IsPlain(character) ? character.ToString() : replace(character)));

    private static bool IsPlain(char character) => !char.IsControl(character) && !char.IsSurrogate(character) && character is not ('\u2028' or '\u2029' or '\ufffe' or '\uffff');
}
