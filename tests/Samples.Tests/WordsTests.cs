using OptimGen;
using Words;

namespace Samples.Tests;

/// <summary>Vectors of words, trained by rows.</summary>
public class WordsTests
{
    [Fact]
    public void RowsThatAreCaughtUp_HaveTheCurveOfStepsOverAllRows()
    {
        WordsRun all = WordsRun.Train(null, points: 2, seed: 3), caughtUp = WordsRun.Train(RowUpdates.CaughtUp, points: 2, seed: 3);
        Assert.Equal(all.Curve, caughtUp.Curve);
        Assert.Equal(all.Vectors, caughtUp.Vectors);
        Assert.NotEqual(all.Curve, WordsRun.Train(RowUpdates.Lazy, points: 2, seed: 3).Curve);
        Assert.True(all.Curve[1] < all.Curve[0]);
    }

    [Theory, InlineData("--points", "0"), InlineData("--seed", "-1")]
    public void ABadArgumentIsNamed(string option, string value)
    {
        using var error = new StringWriter();
        Assert.Equal(2, WordsCommand.Invoke([option, value], TextWriter.Null, error));
        Assert.Contains($"{option} is {value}", error.ToString(), StringComparison.Ordinal);
    }
}
