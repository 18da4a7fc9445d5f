using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>A text from a file, quoted for a message: a hostile name can be long, and have line breaks or terminal controls.</summary>
internal static class Quoted
{
    private const int MaxLength = 100;

    public static string Text(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (char.IsControl(character) || CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format)
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                quoted.Append(character);
            }
        }

        return quoted.Append(text.Length > MaxLength ? "…'" : "'").ToString();
    }
}
