namespace Landscape;

/// <summary>A function of two variables to descend on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Formula">Its formula, as text.</param>
/// <param name="About">What it shows, in a sentence.</param>
/// <param name="Start">Where the descents begin.</param>
/// <param name="X">The range of x that is drawn.</param>
/// <param name="Y">The range of y that is drawn.</param>
/// <param name="Rate">The learning rate of rules that step along the gradient.</param>
/// <param name="NormalizedRate">The learning rate of rules that divide by the size of the gradient.</param>
/// <param name="Value">The function.</param>
/// <param name="Gradient">Its gradient.</param>
internal sealed record Surface(
    string Name,
    string Formula,
    string About,
    (double X, double Y) Start,
    (double Low, double High) X,
    (double Low, double High) Y,
    float Rate,
    float NormalizedRate,
    Func<double, double, double> Value,
    Func<double, double, (double X, double Y)> Gradient)
{
    /// <summary>Whether contours are at values that rise by factors, because the function has a wide range.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The minima, to be marked.</summary>
    public IReadOnlyList<(double X, double Y)> Minima { get; init; } = [];

    /// <summary>The value that the lowest contour is near: the minimum, or less.</summary>
    public double Lowest => Minima.Count > 0 ? Minima.Min(point => Value(point.X, point.Y)) : 0;

    public override string ToString() => Name;
}
