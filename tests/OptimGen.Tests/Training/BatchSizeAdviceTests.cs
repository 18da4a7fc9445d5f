namespace OptimGen.Tests.Training;

public class BatchSizeAdviceTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2000, 100, 1_000_000, 2000)]
    [InlineData(2001, 100, 1_000_000, 512)]
    [InlineData(60_000, 4_000, 1_000_000, 128)]
    [InlineData(60_000, 1_000, 256_000, 256)]
    [InlineData(60_000, 1_000, 255_999, 128)]
    [InlineData(60_000, 1_000, 64_000, 64)]
    [InlineData(60_000, 1_000, 63_999, 32)]
    [InlineData(60_000, 1_000, 1_000, 1)]
    [InlineData(2000, 1_000, 1_999_999, 512)]
    [InlineData(100, 1_000, 50_000, 32)]
    [InlineData(int.MaxValue, long.MaxValue / 2, long.MaxValue, 2)]
    public void TheSize_IsThatOfTheRule(int examples, long bytes, long memory, int expected)
    {
        var advice = BatchSizeAdvice.For(examples, bytes, memory);
        Assert.Equal(expected, advice.BatchSize);
        Assert.EndsWith(".", advice.Reason, StringComparison.Ordinal);
        Assert.Contains(examples <= 2000 && expected == examples ? "batch gradient descent" : $"mini-batches of {expected}", advice.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1, "exampleCount")]
    [InlineData(1, 0, 1, "bytesPerExample")]
    [InlineData(1, 10, 9, "memory")]
    [InlineData(1, 10, -1, "memory")]
    public void BadNumbers_AreNamed(int examples, long bytes, long memory, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => BatchSizeAdvice.For(examples, bytes, memory)).ParamName);
}
