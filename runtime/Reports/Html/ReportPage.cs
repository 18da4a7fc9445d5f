using System.Text;

namespace OptimGen;

/// <summary>A self-contained HTML page: its style is inline, it loads nothing, and it follows the light or dark mode of the browser.</summary>
internal static class ReportPage
{
    private const char Replacement = '\uFFFD';

    /// <summary>Escapes text for HTML, SVG and their attributes. Characters that XML does not allow become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' or '\r' => escaped.Append((char)rune.Value),
                < ' ' or 0xFFFE or 0xFFFF => escaped.Append(Replacement),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The whole page.</summary>
    /// <param name="title">The title, as text.</param>
    /// <param name="body">The content, as well-formed HTML.</param>
    /// <param name="style">More rules of the style.</param>
    public static string Of(string title, string body, string style = "") => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{Escape(title)}</title>
        <style>
        {ReportStyle.Text}{style}</style>
        </head>
        <body>
        <main>
        {body}
        </main>
        <script>
        //<![CDATA[
        {ReportScript.Text}
        //]]>
        </script>
        </body>
        </html>

        """;
}
