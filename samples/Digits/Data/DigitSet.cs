namespace Digits.Data;

/// <summary>Images of digits, 28×28 bytes each (0 is the background, 255 full ink), and the digit that each shows.</summary>
/// <param name="pixels">The images one after another, row by row.</param>
/// <param name="labels">The digits, 0 to 9.</param>
internal sealed class DigitSet(byte[] pixels, byte[] labels)
{
    public const int Side = 28;
    public const int PixelsPerImage = Side * Side;
    public const int Classes = 10;

    /// <summary>A byte's brightness in [0, 1].</summary>
    private static readonly float[] Brightness = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    public int Count => labels.Length;

    public ReadOnlySpan<byte> Image(int example) => pixels.AsSpan(example * PixelsPerImage, PixelsPerImage);

    public int Label(int example) => labels[example];

    /// <summary>Examples <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1 as a set of their own.</summary>
    public DigitSet Slice(int first, int count) =>
        new(pixels.AsSpan(first * PixelsPerImage, count * PixelsPerImage).ToArray(), labels.AsSpan(first, count).ToArray());

    /// <summary>Writes the images of some examples one after another, as numbers in [0, 1].</summary>
    public void CopyImages(ReadOnlySpan<int> examples, Span<float> destination)
    {
        for (int i = 0; i < examples.Length; i++)
        {
            Span<float> image = destination.Slice(i * PixelsPerImage, PixelsPerImage);
            ReadOnlySpan<byte> source = Image(examples[i]);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                image[pixel] = Brightness[source[pixel]];
            }
        }
    }
}
