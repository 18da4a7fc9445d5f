namespace Digits.Data;

/// <summary>The training examples and the held-out examples.</summary>
/// <param name="Source">The origin of the digits, as text for the report.</param>
/// <param name="Training">The examples to train on.</param>
/// <param name="HeldOut">The examples to evaluate on, which are not trained on.</param>
internal sealed record DigitData(string Source, DigitSet Training, DigitSet HeldOut)
{
    private const int DrawnForTraining = 8_000;
    private const int DrawnHeldOut = 2_000;

    /// <summary>The default, which needs no file: digits that <see cref="StrokeDigits"/> generates.</summary>
    public static DigitData Draw(int seed)
    {
        DigitSet drawn = StrokeDigits.Draw(DrawnForTraining + DrawnHeldOut, seed);
        return new DigitData(
            $"digits drawn by the sample, seed {seed}",
            drawn.Slice(0, DrawnForTraining),
            drawn.Slice(DrawnForTraining, DrawnHeldOut));
    }
}
