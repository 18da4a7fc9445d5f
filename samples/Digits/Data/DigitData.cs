namespace Digits.Data;

/// <summary>What a model learns from, and what it is judged by.</summary>
/// <param name="Source">Where the digits come from, in words for the report.</param>
/// <param name="Training">The examples that are trained on.</param>
/// <param name="HeldOut">The examples that are not.</param>
internal sealed record DigitData(string Source, DigitSet Training, DigitSet HeldOut)
{
    private const int DrawnForTraining = 8_000;
    private const int DrawnHeldOut = 2_000;

    /// <summary>The default, which needs no file: digits that <see cref="StrokeDigits"/> draws.</summary>
    public static DigitData Draw(int seed)
    {
        DigitSet drawn = StrokeDigits.Draw(DrawnForTraining + DrawnHeldOut, seed);
        return new DigitData(
            $"digits drawn by the sample, seed {seed}",
            drawn.Slice(0, DrawnForTraining),
            drawn.Slice(DrawnForTraining, DrawnHeldOut));
    }
}
