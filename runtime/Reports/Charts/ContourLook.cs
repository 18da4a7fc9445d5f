namespace OptimGen;

/// <summary>
/// The colours of the bands of a <see cref="ContourScale"/>: from pale yellow to dark blue along ColorBrewer's YlGnBu (Harrower and Brewer, "ColorBrewer.org",
/// The Cartographic Journal 40(1), 2003), at equal steps of lightness, so that people with any kind of colour blindness see which is higher.
/// </summary>
internal static class ContourLook
{
    /// <summary>The colours on a light page, from the lowest band to the highest: darker is higher.</summary>
    public static IReadOnlyList<string> Light { get; } =
        ["#f0f9b8", "#c7e9b4", "#9cd7b9", "#6ec5be", "#3eb1c4", "#2a9bc1", "#2184ba", "#236eb0", "#2458a5", "#26409a", "#1e2e84", "#0e2163"];

    /// <summary>The colours on a dark page: lighter is higher.</summary>
    public static IReadOnlyList<string> Dark { get; } = [.. Light.Reverse()];

    /// <summary>The CSS class of a band.</summary>
    /// <param name="band">The band, from 0.</param>
    /// <param name="count">The number of bands. Fewer bands than colours are spread over all of them.</param>
    public static string ClassOf(int band, int count) =>
        FormattableString.Invariant($"level-{(count > 1 ? band * (Light.Count - 1) / (count - 1) : 0)}");

    /// <summary>The definitions of the classes.</summary>
    public static string Style { get; } = string.Concat(Light.Select((_, i) => FormattableString.Invariant($".level-{i} {{ --colour: var(--level-{i}); }}\n")));

    /// <summary>The definitions of the colours, for a rule of the page's root.</summary>
    public static string Variables(IReadOnlyList<string> colours) =>
        string.Concat(colours.Select((colour, i) => FormattableString.Invariant($"--level-{i}: {colour}; ")));
}
