namespace OptimGen;

/// <summary>What the page of a <see cref="TrainingReport"/> has beside the runs.</summary>
public sealed record TrainingReportOptions
{
    private readonly double? smoothingBeta;

    /// <summary>The title. Default: the name of the run, or "Training runs compared".</summary>
    public string? Title { get; init; }

    /// <summary>A text below the title. Default: none.</summary>
    public string? Lead { get; init; }

    /// <summary>
    /// β in [0, 1) of the smoothed cost, the moving average vₜ = βvₜ₋₁ + (1−β)xₜ with bias correction, which averages over about 1/(1−β) steps; 0 for none.
    /// Default: <see langword="null"/>, about one fiftieth of the steps of the longest run.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in [0, 1).</exception>
    public double? SmoothingBeta
    {
        get => smoothingBeta;
        init => smoothingBeta = value is null or (>= 0 and < 1)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(SmoothingBeta), value, FormattableString.Invariant($"SmoothingBeta is {value}; it must be in [0, 1)."));
    }

    /// <summary>What the horizontal axes count. Default: steps.</summary>
    public ReportAxis Axis { get; init; }

    /// <summary>Sections after those of the library. Default: none.</summary>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];
}

/// <summary>What the horizontal axes of a report count.</summary>
public enum ReportAxis
{
    /// <summary>Steps.</summary>
    Steps,

    /// <summary>Epochs, to compare runs whose epochs have different numbers of steps.</summary>
    Epochs,
}

/// <summary>A section of a page that the program adds.</summary>
/// <param name="Title">The heading, as text.</param>
/// <param name="Html">The content, as well-formed HTML. It is written as it is: texts in it must be escaped by the caller.</param>
public sealed record ReportSection(string Title, string Html);
