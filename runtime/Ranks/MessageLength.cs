namespace OptimGen;

/// <summary>The error of a message that does not have the length that its receiver expects.</summary>
internal static class MessageLength
{
    public static InvalidOperationException Mismatch(int from, long sent, int to, long expected) => new(
        $"Rank {from} sent {sent} bytes where rank {to} expects {expected}: the ranks do not do the same thing. They must have the same parameters and settings, and "
        + "make the same calls in the same order.");
}
