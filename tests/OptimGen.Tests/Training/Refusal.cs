namespace OptimGen.Tests.Training;

/// <summary>Requires that an argument is refused, by its name and with a message that says why.</summary>
internal static class Refusal
{
    public static void Require<TException>(string argument, string text, Func<object?> action)
        where TException : ArgumentException =>
        Assert.Contains(text, Assert.Throws<TException>(argument, action).Message, StringComparison.Ordinal);
}
