using System.Numerics;

namespace Digits.Data;

/// <summary>
/// Draws digits as a hand would: the strokes of a <see cref="Glyphs">glyph</see> with their points displaced, slanted, turned, scaled
/// and shifted, by a pen of varying width and ink, on noisy paper with the odd stray mark. The same seed gives the same digits.
/// </summary>
internal static class StrokeDigits
{
    /// <summary>Draws <paramref name="count"/> digits. Each depends on the seed and on its own position alone.</summary>
    public static DigitSet Draw(int count, int seed)
    {
        var pixels = new byte[count * DigitSet.PixelsPerImage];
        var labels = new byte[count];
        Parallel.For(0, count, example =>
        {
            var random = new Random(Mix(seed, example));
            int digit = random.Next(DigitSet.Classes);
            labels[example] = (byte)digit;
            DrawOne(digit, random, pixels.AsSpan(example * DigitSet.PixelsPerImage, DigitSet.PixelsPerImage));
        });
        return new DigitSet(pixels, labels);
    }

    private static void DrawOne(int digit, Random random, Span<byte> image)
    {
        IReadOnlyList<Stroke[]> variants = Glyphs.Of(digit);
        Hand hand = Hand.Of(random);
        float halfWidth = Between(random, 0.55f, 1.6f);
        Span<float> ink = stackalloc float[DigitSet.PixelsPerImage];
        ink.Clear();
        foreach (Stroke stroke in variants[random.Next(variants.Count)])
        {
            Trace(stroke, hand, random, halfWidth, ink);
        }

        if (random.NextSingle() < 0.25f)
        {
            var from = new Vector2(random.NextSingle(), random.NextSingle()) * DigitSet.Side;
            var along = new Vector2(Normal(random), Normal(random)) * 3.5f;
            Ink(from, from + along, 0.7f, ink);
        }

        float darkness = Between(random, 0.6f, 1), noise = Between(random, 0.02f, 0.16f);
        for (int i = 0; i < image.Length; i++)
        {
            float brightness = (ink[i] * darkness) + (noise * Normal(random));
            image[i] = (byte)MathF.Round(255 * Math.Clamp(brightness, 0, 1));
        }
    }

    /// <summary>Inks one stroke: through its displaced points, in straight lines or along a Catmull-Rom curve.</summary>
    private static void Trace(Stroke stroke, Hand hand, Random random, float halfWidth, Span<float> ink)
    {
        const int chords = 6;
        Span<Vector2> points = stackalloc Vector2[stroke.Points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            var displacement = new Vector2(Normal(random), Normal(random));
            points[i] = hand.Place(stroke.Points[i] + (0.045f * displacement));
        }

        for (int i = 0; i + 1 < points.Length; i++)
        {
            if (!stroke.Curved)
            {
                Ink(points[i], points[i + 1], halfWidth, ink);
                continue;
            }

            Vector2 before = points[Math.Max(i - 1, 0)], after = points[Math.Min(i + 2, points.Length - 1)], from = points[i];
            for (int chord = 1; chord <= chords; chord++)
            {
                Vector2 to = CatmullRom(before, points[i], points[i + 1], after, chord / (float)chords);
                Ink(from, to, halfWidth, ink);
                from = to;
            }
        }
    }

    /// <summary>Inks the straight line between two points; a pixel's ink falls off over one pixel at the edge of the pen.</summary>
    private static void Ink(Vector2 from, Vector2 to, float halfWidth, Span<float> ink)
    {
        float reach = halfWidth + 1;
        int left = Pixel(MathF.Min(from.X, to.X) - reach), right = Pixel(MathF.Max(from.X, to.X) + reach);
        int top = Pixel(MathF.Min(from.Y, to.Y) - reach), bottom = Pixel(MathF.Max(from.Y, to.Y) + reach);
        Vector2 along = to - from;
        float inverseLength = 1 / MathF.Max(along.LengthSquared(), 1e-9f);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                var centre = new Vector2(x + 0.5f, y + 0.5f);
                float position = Math.Clamp(Vector2.Dot(centre - from, along) * inverseLength, 0, 1);
                float distance = Vector2.Distance(centre, from + (position * along));
                ref float pixel = ref ink[(y * DigitSet.Side) + x];
                pixel = MathF.Max(pixel, Math.Clamp(halfWidth + 0.5f - distance, 0, 1));
            }
        }
    }

    private static int Pixel(float coordinate) => Math.Clamp((int)MathF.Floor(coordinate), 0, DigitSet.Side - 1);

    private static Vector2 CatmullRom(Vector2 a, Vector2 b, Vector2 c, Vector2 d, float t) =>
        0.5f * ((2 * b) + (t * (c - a)) + (t * t * ((2 * a) - (5 * b) + (4 * c) - d)) + (t * t * t * ((3 * b) - a - (3 * c) + d)));

    private static float Between(Random random, float low, float high) => low + ((high - low) * random.NextSingle());

    /// <summary>A number of mean 0 and variance 1, nearly normal: the sum of four uniform ones.</summary>
    private static float Normal(Random random) =>
        (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2) * 1.7320508f;

    /// <summary>A seed for one example, far from its neighbours' seeds (the finalizer of SplitMix64).</summary>
    private static int Mix(int seed, int example)
    {
        ulong mixed = ((ulong)(uint)seed << 32) + (uint)example + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed ^ (mixed >> 31));
    }

    /// <summary>How one digit lies on its paper: from the glyph's unit square to pixels.</summary>
    private readonly record struct Hand(Vector2 Across, Vector2 Down, Vector2 Centre)
    {
        public static Hand Of(Random random)
        {
            float angle = 0.16f * Normal(random), slant = 0.16f * Normal(random);
            float width = Between(random, 10, 17), height = Between(random, 15, 21);
            (float sine, float cosine) = MathF.SinCos(angle);
            var across = new Vector2(cosine, sine);
            var down = new Vector2(-sine, cosine);
            var centre = new Vector2(14 + (1.2f * Normal(random)), 14 + (1.2f * Normal(random)));
            return new Hand(across * width, (down - (slant * across)) * height, centre);
        }

        public Vector2 Place(Vector2 point) => Centre + ((point.X - 0.5f) * Across) + ((point.Y - 0.5f) * Down);
    }
}
