namespace OptimGen.Tests.Training;

public class RandomNumberTests
{
    [Fact]
    public void SplitMix64_GivesTheNumbersOfItsReferenceImplementation()
    {
        var words = new SplitMix64(1234567);
        ulong[] expected =
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, expected.Select(_ => words.Next()).ToArray());
    }

    [Fact]
    public void SplitMix64_SkipIsTheSameAsDrawing()
    {
        var drawn = new SplitMix64(99);
        for (int i = 0; i < 8; i++)
        {
            drawn.Next();
        }

        var skipped = new SplitMix64(99);
        skipped.Skip(8);
        Assert.Equal(drawn.Next(), skipped.Next());
    }

    [Fact]
    public void Xoshiro256_GivesTheNumbersOfItsReferenceImplementation()
    {
        var random = new Xoshiro256(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
            8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.Next()).ToArray());
    }

    /// <summary>With a bound of ¾·2⁶⁴ the plain product gives multiples of 3 twice as often as the others; the redrawing removes that.</summary>
    [Fact]
    public void NextBelow_IsUnbiasedWhereThePlainProductIsNot()
    {
        const ulong Bound = 3UL << 62;
        const int Draws = 30_000;
        Xoshiro256 random = Xoshiro256.ForEpoch(seed: 3, epoch: 1);
        int multiplesOfThree = 0;
        for (int i = 0; i < Draws; i++)
        {
            ulong number = random.NextBelow(Bound);
            Assert.True(number < Bound);
            multiplesOfThree += number % 3 == 0 ? 1 : 0;
        }

        // A third is expected, half without the redrawing; the standard deviation is 82.
        Assert.InRange(multiplesOfThree, (Draws / 3) - 400, (Draws / 3) + 400);
    }

    [Fact]
    public void NextBelow_ReachesEveryNumberEquallyOften()
    {
        const int Draws = 70_000;
        Xoshiro256 random = Xoshiro256.ForEpoch(seed: 4, epoch: 1);
        var counts = new int[7];
        for (int i = 0; i < Draws; i++)
        {
            counts[random.NextBelow(7)]++;
        }

        // The standard deviation is 93.
        Assert.All(counts, count => Assert.InRange(count, (Draws / 7) - 450, (Draws / 7) + 450));
    }
}
