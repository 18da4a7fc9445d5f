namespace Samples.Shared;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">The name of the line in the legend.</param>
/// <param name="Colour">The number of its colour among the series colours of the page, from 0; see <see cref="ReportPage"/>.</param>
/// <param name="Points">The points, x ascending. Where a value is not finite, the line is interrupted.</param>
internal sealed record ChartSeries(string Name, int Colour, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether the line is drawn as background: thin and pale.</summary>
    public bool Faint { get; init; }

    /// <summary>Whether the legend leaves the line out, because another of the same colour is in it.</summary>
    public bool Unlisted { get; init; }

    /// <summary>Whether the line is dashed, to distinguish it from another of the same colour.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether each point is drawn as a dot, for lines of few points.</summary>
    public bool Dots { get; init; }
}
