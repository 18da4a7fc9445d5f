namespace OptimGen;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">The name of the line in the legend.</param>
/// <param name="Look">The number of its colour and dashes, from 0 (<see cref="SeriesLook"/>).</param>
/// <param name="Points">The points, x ascending. Where a value is not finite, the line is interrupted.</param>
internal sealed record ChartSeries(string Name, int Look, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Whether the line is drawn as background: thin and pale.</summary>
    public bool Faint { get; init; }

    /// <summary>Whether the legend leaves the line out, because another of the same colour is in it.</summary>
    public bool Unlisted { get; init; }

    /// <summary>Whether the line is dashed, to distinguish it from another of the same colour.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether each point is drawn as a dot, for lines of few points.</summary>
    public bool Dots { get; init; }

    /// <summary>The id of the check box that shows and hides the line; <see langword="null"/> if it has none.</summary>
    public string? Toggle { get; init; }
}
