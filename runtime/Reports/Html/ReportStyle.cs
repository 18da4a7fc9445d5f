namespace OptimGen;

/// <summary>The style of a page.</summary>
internal static class ReportStyle
{
    public static string Text { get; } = $$"""
        :root {
          --page: #f6f7f9; --card: #ffffff; --ink: #1b1f26; --soft: #59616e; --rule: #e2e5ea; --axis: #9aa2ae; --focus: #0072b2; --contour: #ffffff66;
          {{SeriesLook.Variables(SeriesLook.Light)}}{{ContourLook.Variables(ContourLook.Light)}}
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #14171c; --card: #1c2027; --ink: #e6e9ee; --soft: #a0a9b7; --rule: #2e343d; --axis: #667080; --focus: #5ab4f0; --contour: #00000066;
            {{SeriesLook.Variables(SeriesLook.Dark)}}{{ContourLook.Variables(ContourLook.Dark)}}
          }
          .faint { opacity: .5; }
        }
        {{SeriesLook.Style}}{{ContourLook.Style}}
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 1400px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 6px; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 0 0 4px; overflow-wrap: anywhere; }
        h3 { font-size: 1rem; margin: 0 0 6px; overflow-wrap: anywhere; }
        p { margin: 0 0 12px; }
        .soft, .lead, figcaption { color: var(--soft); }
        .lead { font-size: 1.02rem; margin-bottom: 20px; max-width: 75ch; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 20px 22px; margin: 0 0 20px; min-width: 0; }
        section > :last-child { margin-bottom: 0; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 20px; margin-bottom: 20px; }
        .charts > section { margin: 0; }
        .scroll { overflow-x: auto; margin-bottom: 8px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: 7px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        thead th { font-weight: 600; color: var(--soft); font-size: .86rem; line-height: 1.25; vertical-align: bottom; white-space: normal; overflow-wrap: break-word; }
        tbody th { font-weight: inherit; }
        th:first-child, td:first-child, td.text, th.text { text-align: left; }
        tbody tr:last-child > * { border-bottom: 0; }
        td small { color: var(--soft); }
        td.best { font-weight: 700; }
        td.wide { white-space: normal; min-width: 30ch; line-height: 1.35; }
        th.name { white-space: normal; min-width: min(22ch, 42vw); max-width: 32ch; overflow-wrap: break-word; }
        th label, p > label { display: flex; align-items: center; }
        input[type=checkbox] { accent-color: var(--focus); width: 16px; height: 16px; margin: 0 9px 0 0; flex: none; }
        .swatch { width: 28px; height: 8px; margin-right: 8px; vertical-align: middle; flex: none; }
        .line { fill: none; stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; vector-effect: non-scaling-stroke; }
        .dash-1 .line, .dash-2 .line, .dash-3 .line, .dashed .line { stroke-linecap: butt; }
        .dots { fill: none; stroke: var(--colour); stroke-width: 7; stroke-linecap: round; stroke-dasharray: none; vector-effect: non-scaling-stroke; }
        .faint .line { stroke-width: 1; }
        .faint { opacity: .32; }
        .dashed .line { stroke-dasharray: 7 5; }
        .chart { margin-top: 10px; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 20px; margin: 0 0 8px; padding: 0; font-size: .84rem; }
        .legend label, .legend li { display: flex; align-items: center; overflow-wrap: anywhere; }
        .legend label { cursor: pointer; }
        .axis-label { font-size: .8rem; color: var(--soft); margin: 0 0 8px; }
        .axis-label.x { text-align: center; margin: 24px 0 0 52px; }
        .plot { position: relative; margin: 0 14px 0 52px; outline-offset: 4px; }
        .plot > svg { display: block; width: 100%; height: 100%; overflow: visible; }
        .grid, .axis { fill: none; stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .grid.x { stroke-dasharray: 1 4; }
        .axis { stroke: var(--axis); }
        .tick { position: absolute; font-size: .78rem; line-height: 1; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
        .tick.y { right: 100%; transform: translateY(-50%); margin-right: 8px; }
        .tick.x { top: 100%; transform: translateX(-50%); margin-top: 9px; }
        .cursor { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--axis); pointer-events: none; }
        .readout { position: absolute; top: 6px; z-index: 1; max-width: 92%; padding: 6px 10px; border: 1px solid var(--rule); border-radius: 7px; background: var(--card); font-size: .8rem; line-height: 1.45; font-variant-numeric: tabular-nums; pointer-events: none; box-shadow: 0 2px 8px #0002; }
        .titles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 24px 40px; margin-top: 16px; }
        .titles > .several { grid-column: 1 / -1; }
        .titles > .one { max-width: 560px; }
        .surfaces { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 290px), 1fr)); gap: 16px 28px; }
        .one > .surfaces { grid-template-columns: 1fr; }
        .surface { min-width: 0; }
        h4 { display: flex; align-items: center; font-size: .9rem; font-weight: 600; margin: 4px 0 0; overflow-wrap: anywhere; }
        .field { position: relative; aspect-ratio: 1; margin: 0 14px 0 44px; }
        .field > svg { display: block; width: 100%; height: 100%; border-radius: 4px; }
        .band { fill: var(--colour); fill-rule: evenodd; stroke: var(--contour); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .ring { display: inline-block; width: 11px; height: 11px; border: 2px solid #000; border-radius: 50%; background: #fff; box-shadow: 0 0 0 1.5px #fff; }
        .field > .ring { position: absolute; transform: translate(-50%, -50%); }
        .surface .axis-label.x { margin-left: 44px; }
        .surface p.costs { font-size: .84rem; margin: 8px 0 0 44px; }
        .surfaces + .axis-label { margin: 14px 0 4px 44px; }
        .levels { display: flex; height: 14px; margin: 0 14px 26px 44px; }
        .levels i { position: relative; flex: 1; background: var(--colour); print-color-adjust: exact; }
        .levels span { position: absolute; left: 0; top: 100%; transform: translateX(-50%); margin-top: 6px; font-size: .72rem; font-style: normal; line-height: 1; color: var(--soft); white-space: nowrap; }
        details { margin-top: 12px; font-size: .9rem; }
        summary { cursor: pointer; color: var(--soft); }
        :focus-visible { outline: 2px solid var(--focus); border-radius: 4px; }
        .observations { margin: 8px 0 0; padding-left: 22px; }
        .observations li { margin-bottom: 4px; overflow-wrap: anywhere; }
        .digits { display: flex; flex-wrap: wrap; gap: 10px; margin: 12px 0 4px; }
        .digits figure { margin: 0; text-align: center; font-size: .84rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .digits img { display: block; width: 56px; height: 56px; image-rendering: pixelated; border-radius: 5px; filter: invert(1); border: 1px solid #2a2a2a; }
        @media (prefers-color-scheme: dark) { .digits img { filter: none; border-color: #3b424d; } }
        .rules { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 18px 28px; margin-top: 12px; }
        pre { margin: 0 0 6px; padding: 10px 12px; background: var(--page); border: 1px solid var(--rule); border-radius: 7px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13.5px/1.5 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 22px; margin: 10px 0 0; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 560px) {
          main { padding: 20px 10px 40px; }
          h1 { font-size: 1.45rem; }
          section { padding: 16px 14px; }
          .charts { gap: 14px; }
          .tick.x.minor, .levels .minor { display: none; }
          dl { grid-template-columns: 1fr; }
          dd { margin-bottom: 8px; }
        }
        @media print {
          :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --rule: #ccc; --axis: #777; {{SeriesLook.Variables(SeriesLook.Light)}}{{ContourLook.Variables(ContourLook.Light)}} color-scheme: light; }
          main { max-width: none; padding: 0; }
          section { border: 0; padding: 0 0 12px; break-inside: avoid; }
          .scroll { overflow: visible; }
          table { font-size: 8pt; }
          td, th, td.wide, th.name { white-space: normal; padding: 2px 5px; min-width: 0; }
          .screen, input[type=checkbox] { display: none; }
          details::details-content { content-visibility: visible; display: block; block-size: auto; }
        }

        """;
}
