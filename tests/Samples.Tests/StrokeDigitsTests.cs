using Digits.Data;

namespace Samples.Tests;

public sealed class StrokeDigitsTests
{
    [Fact]
    public void The_same_seed_draws_the_same_digits()
    {
        DigitSet first = StrokeDigits.Draw(300, seed: 5), second = StrokeDigits.Draw(300, seed: 5);

        Assert.All(Enumerable.Range(0, 300), i =>
        {
            Assert.Equal(first.Label(i), second.Label(i));
            Assert.Equal(first.Image(i), second.Image(i));
        });
    }

    [Fact]
    public void A_digit_does_not_depend_on_how_many_are_drawn()
    {
        Assert.Equal(StrokeDigits.Draw(3, seed: 1).Image(2), StrokeDigits.Draw(40, seed: 1).Image(2));
    }

    [Fact]
    public void Another_seed_draws_other_digits()
    {
        DigitSet first = StrokeDigits.Draw(20, seed: 1), second = StrokeDigits.Draw(20, seed: 2);

        Assert.All(Enumerable.Range(0, 20), i => Assert.False(first.Image(i).SequenceEqual(second.Image(i))));
    }

    [Fact]
    public void Every_digit_is_drawn_about_as_often_and_with_ink()
    {
        DigitSet digits = StrokeDigits.Draw(2_000, seed: 3);

        int[] counts = [.. Enumerable.Range(0, 10).Select(digit => Enumerable.Range(0, digits.Count).Count(i => digits.Label(i) == digit))];

        Assert.All(counts, count => Assert.InRange(count, 150, 250));
        Assert.All(Enumerable.Range(0, digits.Count), i => Assert.True(Ink(digits.Image(i)) > 12));
    }

    private static int Ink(ReadOnlySpan<byte> image)
    {
        int ink = 0;
        foreach (byte pixel in image)
        {
            ink += pixel > 120 ? 1 : 0;
        }

        return ink;
    }
}
