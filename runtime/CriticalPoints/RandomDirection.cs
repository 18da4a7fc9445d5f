namespace OptimGen;

/// <summary>
/// Draws vectors that are uniformly distributed on the unit sphere: normally distributed elements, by the polar method (Marsaglia and Bray, "A convenient
/// method for generating normal variables", SIAM Review 6(3), 1964), divided by their norm. The same bits on every platform.
/// </summary>
internal struct RandomDirection
{
    private Xoshiro256 random;

    public RandomDirection(long seed)
    {
        var words = new SplitMix64(unchecked((ulong)seed));
        random = new Xoshiro256(words.Next(), words.Next(), words.Next(), words.Next());
    }

    /// <summary>The next vector.</summary>
    /// <param name="length">The number of elements, at least 1.</param>
    public double[] Next(int length)
    {
        var direction = new double[length];
        for (int i = 0; i < length; i += 2)
        {
            (direction[i], double second) = NextNormals();
            if (i + 1 < length)
            {
                direction[i + 1] = second;
            }
        }

        DenseVector.Normalize(direction);
        return direction;
    }

    private (double, double) NextNormals()
    {
        while (true)
        {
            double x = 2 * NextUniform() - 1, y = 2 * NextUniform() - 1;
            double square = x * x + y * y;
            if (square is > 0 and < 1)
            {
                double factor = Math.Sqrt(-2 * RuleMath.Log(square) / square);
                return (x * factor, y * factor);
            }
        }
    }

    /// <summary>A multiple of 2⁻⁵³ from 0 on and below 1.</summary>
    private double NextUniform() => (random.Next() >> 11) * (1.0 / (1L << 53));
}
