namespace OptimGen;

/// <summary>A rank has ended, or does not answer, and so the others cannot go on.</summary>
public sealed class RankFailedException : Exception
{
    /// <summary>Names the rank.</summary>
    /// <param name="rank">The rank that failed.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The exception that ended the rank, if it is known here.</param>
    public RankFailedException(int rank, string message, Exception? innerException = null)
        : base(message, innerException) => Rank = rank;

    /// <summary>The rank that failed.</summary>
    public int Rank { get; }
}
