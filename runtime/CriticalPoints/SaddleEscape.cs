using System.Numerics;

namespace OptimGen;

/// <summary>The result of <see cref="CriticalPoint.Escape"/>.</summary>
/// <param name="Analysis">The analysis of the point at the beginning.</param>
/// <param name="IsTaken">Whether the parameters have moved. If not, they are the same to the bit.</param>
/// <param name="Distance">How far the parameters have moved along the eigenvector of the smallest eigenvalue, with the sign of the direction; 0 if not.</param>
/// <param name="Cost">The cost where the parameters are now.</param>
/// <param name="Reason">What happened, as a sentence.</param>
/// <typeparam name="T">The element type of the parameters.</typeparam>
public sealed record SaddleEscape<T>(CriticalPointAnalysis<T> Analysis, bool IsTaken, double Distance, double Cost, string Reason)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}
