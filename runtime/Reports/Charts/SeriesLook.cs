namespace OptimGen;

/// <summary>
/// The colours and dashes of lines. Colours repeat after seven, with dashes instead of a solid line. They were found by a search around those of Okabe and Ito
/// ("Color Universal Design", 2008) for the largest difference between any two, as people with each kind of colour blindness see them, at a contrast with
/// the page of at least 3:1.
/// </summary>
internal static class SeriesLook
{
    /// <summary>The colours on a light page.</summary>
    public static IReadOnlyList<string> Light { get; } = ["#125cb6", "#d25704", "#008f4e", "#a8447f", "#65000f", "#110f46", "#4d90ff"];

    /// <summary>The colours on a dark page.</summary>
    public static IReadOnlyList<string> Dark { get; } = ["#6d9efe", "#f28b45", "#1acb84", "#d596c6", "#fee049", "#dfe3ea", "#515eea"];

    /// <summary>The dashes of each further round of the colours, in pixels: a line, a gap, and so on.</summary>
    private static readonly string[] Dashes = ["", "7 4", "2 4", "10 4 2 4"];

    /// <summary>The CSS class of the colour of a line.</summary>
    public static string ColourClass(int look) => FormattableString.Invariant($"series-{look % Light.Count}");

    /// <summary>The CSS class of the dashes of a line; empty for a solid one.</summary>
    public static string DashClass(int look) => (look / Light.Count % Dashes.Length) is > 0 and int dash ? FormattableString.Invariant($"dash-{dash}") : "";

    /// <summary>The CSS classes of a line.</summary>
    public static string ClassesOf(int look) => $"{ColourClass(look)} {DashClass(look)}".TrimEnd();

    /// <summary>The definitions of the classes.</summary>
    public static string Style { get; } = string.Concat(
    [
        .. Light.Select((_, i) => FormattableString.Invariant($".series-{i} {{ --colour: var(--series-{i}); }}\n")),
        .. Dashes.Select((dashes, i) => i == 0 ? "" : FormattableString.Invariant($".dash-{i} {{ stroke-dasharray: {dashes}; }}\n")),
    ]);

    /// <summary>The definitions of the colours, for a rule of the page's root.</summary>
    public static string Variables(IReadOnlyList<string> colours) =>
        string.Concat(colours.Select((colour, i) => FormattableString.Invariant($"--series-{i}: {colour}; ")));
}
