using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Names and texts as they stand in C#.</summary>
internal static class Text
{
    /// <summary>A constant that is read as a double; without a suffix where C# needs none (-0 would be a whole number).</summary>
    public static string Constant(double value) =>
        double.IsNaN(value) || double.IsInfinity(value) || (value == 0 && 1 / value < 0) ? ScalarDialect.LiteralOf("double", value) : ShortestDecimal.Of(value);

    /// <summary>A string literal.</summary>
    public static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    /// <summary>Text inside of an XML documentation comment.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
