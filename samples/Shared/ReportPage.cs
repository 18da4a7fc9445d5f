using System.Security;

namespace Samples.Shared;

/// <summary>A self-contained HTML page: its style is inline, it loads nothing, and it follows the light or dark mode of the browser.</summary>
internal static class ReportPage
{
    /// <summary>Escapes text for HTML, SVG and their attributes.</summary>
    public static string Escape(string text) => SecurityElement.Escape(text);

    /// <summary>The whole page.</summary>
    /// <param name="title">The title, as text.</param>
    /// <param name="body">The content, as well-formed HTML.</param>
    public static string Of(string title, string body) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{{Escape(title)}}</title>
        <style>{{Style}}</style>
        </head>
        <body>
        <main>
        {{body}}
        </main>
        </body>
        </html>

        """;

    /// <summary>
    /// The series colours are those of Okabe and Ito, which people with red-green colour blindness can distinguish; darkened on white and
    /// lightened on black to a contrast of at least 3:1.
    /// </summary>
    private const string Style = """

        :root {
          --page: #f6f7f9; --card: #ffffff; --ink: #1b1f26; --soft: #5a6372; --rule: #e2e5ea; --axis: #9aa2ae;
          --series-0: #0072b2; --series-1: #c75000; --series-2: #00855f; --series-3: #a8447f;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171c; --card: #1c2027; --ink: #e6e9ee; --soft: #a0a9b7; --rule: #2e343d; --axis: #667080;
            --series-0: #5ab4f0; --series-1: #f28b45; --series-2: #3fc79c; --series-3: #e08dbd;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 6px; }
        h2 { font-size: 1.15rem; margin: 0 0 4px; }
        h3 { font-size: 1rem; margin: 0 0 6px; }
        p { margin: 0 0 12px; }
        .soft, .lead, figcaption { color: var(--soft); }
        .lead { font-size: 1.02rem; margin-bottom: 20px; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 20px 22px; margin: 0 0 20px; }
        section > :last-child { margin-bottom: 0; }
        .scroll { overflow-x: auto; margin-bottom: 8px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 7px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th { font-weight: 600; color: var(--soft); font-size: .86rem; line-height: 1.25; vertical-align: bottom; white-space: normal; }
        th:first-child, td:first-child { text-align: left; }
        tr:last-child td { border-bottom: 0; }
        td.best { font-weight: 700; }
        td.note { white-space: normal; }
        .swatch { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 9px; vertical-align: middle; }
        .chart { display: block; width: 100%; min-width: 560px; height: auto; margin-top: 8px; }
        .chart text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--soft); }
        .chart text.legend, .chart text.label { fill: var(--ink); }
        .chart .tick { font-variant-numeric: tabular-nums; }
        .chart .grid { stroke: var(--rule); stroke-width: 1; }
        .chart .axis { stroke: var(--axis); stroke-width: 1; }
        .chart .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
        .chart .dense { stroke-width: 1.4; }
        .chart .faint { stroke-width: 1; opacity: .3; }
        .chart .dashed { stroke-dasharray: 7 5; }
        .chart .dot { stroke: var(--card); stroke-width: 1.5; }
        .line.series-0 { stroke: var(--series-0); } .dot.series-0 { fill: var(--series-0); } .swatch.series-0 { background: var(--series-0); }
        .line.series-1 { stroke: var(--series-1); } .dot.series-1 { fill: var(--series-1); } .swatch.series-1 { background: var(--series-1); }
        .line.series-2 { stroke: var(--series-2); } .dot.series-2 { fill: var(--series-2); } .swatch.series-2 { background: var(--series-2); }
        .line.series-3 { stroke: var(--series-3); } .dot.series-3 { fill: var(--series-3); } .swatch.series-3 { background: var(--series-3); }
        .digits { display: flex; flex-wrap: wrap; gap: 10px; margin: 12px 0 4px; }
        .digits figure { margin: 0; text-align: center; font-size: .84rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .digits img { display: block; width: 56px; height: 56px; image-rendering: pixelated; border-radius: 5px; filter: invert(1); border: 1px solid #2a2a2a; }
        @media (prefers-color-scheme: dark) { .chart .faint { opacity: .45; } .digits img { filter: none; border-color: #3b424d; } }
        .rules { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 18px 28px; margin-top: 12px; }
        pre { margin: 0 0 6px; padding: 10px 12px; background: var(--page); border: 1px solid var(--rule); border-radius: 7px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13.5px/1.5 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 22px; margin: 10px 0 0; }
        dt { color: var(--soft); }
        dd { margin: 0; }
        @media (max-width: 560px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: 8px; } }

        """;
}
