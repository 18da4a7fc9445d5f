namespace Landscape;

/// <summary>The descents of all rules on one surface.</summary>
internal sealed record SurfaceDescents(Surface Surface, IReadOnlyList<Descent> Descents)
{
    public static SurfaceDescents Of(Surface surface, int steps) => new(surface, [.. DescentRule.All.Select(rule => Descent.Of(surface, rule, steps))]);
}
