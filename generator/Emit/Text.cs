using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Names and texts as they stand in C#.</summary>
internal static class Text
{
    public static string Keyword(ElementType type) => type == ElementType.Float ? "float" : "double";

    public static int BitsOf(ElementType type) => type == ElementType.Float ? 32 : 64;

    /// <summary>A string literal.</summary>
    public static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    /// <summary>Text inside of an XML documentation comment.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
