namespace OptimGen.Benchmarks.Measuring;

/// <summary>What a speed relative to a peer should be at least.</summary>
/// <param name="Least">The median of the ratios.</param>
/// <param name="FromLength">The number of parameters from which on it holds.</param>
/// <param name="InMostRounds">For a ratio that should be 1, and so is below 1 in half of the rounds: it is missed if it is below in three quarters.</param>
internal sealed record Target(double Least, int FromLength = 0, bool InMostRounds = false)
{
    public bool IsMissedBy(Spread speed, int length) =>
        length >= FromLength && (InMostRounds ? speed.UpperQuartile : speed.Median) < Least;
}
