namespace OptimGen.Tests.StateStorage;

/// <summary>Floats to encode.</summary>
internal static class Numbers
{
    private static readonly float[] Special =
    [
        0, -0f, float.Epsilon, -float.Epsilon, BitConverter.UInt32BitsToSingle(0x007FFFFF), BitConverter.UInt32BitsToSingle(0x00800000), float.MaxValue, -float.MaxValue,
        BitConverter.UInt32BitsToSingle(0x7F7F0000), BitConverter.UInt32BitsToSingle(0x7F7EFFFF), 1, -1, 1 + float.BitIncrement(1), 1e-30f, 1e30f,
    ];

    private static readonly float[] NotFinite = [float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF), BitConverter.UInt32BitsToSingle(0x7F800001), float.PositiveInfinity, float.NegativeInfinity];

    /// <summary>Bit patterns of every kind; in some runs of a hundred, those that are not finite too.</summary>
    public static float[] Of(int length, int seed)
    {
        var random = new Random(seed);
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.Next(8) switch
            {
                0 => Special[random.Next(Special.Length)],
                1 when (i / 100 + seed) % 3 == 0 => NotFinite[random.Next(NotFinite.Length)],
                < 4 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) is var bits && float.IsFinite(bits) ? bits : 2.5f,
                _ => Near(random),
            };
        }

        return values;
    }

    /// <summary>Numbers within a few octaves, and zeros, as the elements of a state are.</summary>
    public static float[] Near(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => Near(random))];
    }

    private static float Near(Random random) =>
        random.Next(10) == 0 ? 0 : (float)((random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(random.Next(4) == 0 ? 40 : 12)));
}
