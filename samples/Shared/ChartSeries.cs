namespace Samples.Shared;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">What the line shows.</param>
/// <param name="Colour">Which of the page's series colours it has, from 0; see <see cref="ReportPage"/>.</param>
/// <param name="Points">The points, x ascending. Where a value is not finite, the line is interrupted.</param>
internal sealed record ChartSeries(string Name, int Colour, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether the line is background to the others: thin and pale.</summary>
    public bool Faint { get; init; }

    /// <summary>Whether the legend leaves the line out, because another of the same colour is in it.</summary>
    public bool Unlisted { get; init; }

    /// <summary>Whether the line is broken into dashes, to be told from another of the same colour.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether each point gets a dot. For lines of few points.</summary>
    public bool Dots { get; init; }
}
