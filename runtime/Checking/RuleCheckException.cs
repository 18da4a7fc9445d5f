namespace OptimGen;

/// <summary>A kernel does not agree with its rule; the message is the report.</summary>
public sealed class RuleCheckException : Exception
{
    internal RuleCheckException(RuleCheckResult result)
        : base(result.Report) => Result = result;

    /// <summary>What was found.</summary>
    public RuleCheckResult Result { get; }
}
