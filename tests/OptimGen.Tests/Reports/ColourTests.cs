using System.Globalization;

namespace OptimGen.Tests.Reports;

/// <summary>
/// The colours of lines, as people with each kind of colour blindness see them: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation
/// of Color Vision Deficiency", 2009, table 1, severity 1.0; their differences in CIE L*a*b*.
/// </summary>
public sealed class ColourTests
{
    /// <summary>The smallest difference ΔE*ab. About 2 can just be seen; 10 can be told at a glance, side by side.</summary>
    private const double LeastDifference = 20;

    private const double LeastContrast = 3;

    public static TheoryData<string, double[]> Visions => new()
    {
        { "normal", [1, 0, 0, 0, 1, 0, 0, 0, 1] },
        { "protanopia", [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998] },
        { "deuteranopia", [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881] },
        { "tritanopia", [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900] },
    };

    [Theory]
    [MemberData(nameof(Visions))]
    public void Colours_CanBeToldApart(string vision, double[] matrix)
    {
        foreach (IReadOnlyList<string> colours in (IReadOnlyList<string>[])[SeriesLook.Light, SeriesLook.Dark])
        {
            for (int i = 0; i < colours.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    double difference = Difference(Lab(Seen(colours[i], matrix)), Lab(Seen(colours[j], matrix)));
                    Assert.True(difference > LeastDifference, $"{colours[i]} and {colours[j]} differ by {difference:0.0} with {vision}.");
                }
            }
        }
    }

    /// <summary>Of the bands of contours, which stand side by side and whose order is told by their lightness.</summary>
    [Theory]
    [MemberData(nameof(Visions))]
    public void Bands_DarkenStepByStep_AndNeighboursCanBeToldApart(string vision, double[] matrix)
    {
        const double LeastStep = 4;
        Assert.Equal(ContourLook.Light.Reverse(), ContourLook.Dark);
        double[] lightness = [.. ContourLook.Light.Select(colour => Lab(Seen(colour, matrix)).L)];
        for (int i = 1; i < lightness.Length; i++)
        {
            double step = lightness[i - 1] - lightness[i];
            Assert.True(step > LeastStep, $"{ContourLook.Light[i]} is darker by {step:0.0} than the one before with {vision}.");
        }
    }

    [Fact]
    public void Colours_HaveContrast_OnTheCardOfTheirMode()
    {
        Assert.All(SeriesLook.Light, colour => Assert.InRange(Contrast(colour, "#ffffff"), LeastContrast, 21));
        Assert.All(SeriesLook.Dark, colour => Assert.InRange(Contrast(colour, "#1c2027"), LeastContrast, 21));
    }

    [Fact]
    public void EveryLine_LooksDifferent_AndFromTheEighthOnTheyAreDashed()
    {
        string[] looks = [.. Enumerable.Range(0, 28).Select(SeriesLook.ClassesOf)];

        Assert.Equal(looks, looks.Distinct());
        Assert.All(looks[..7], look => Assert.DoesNotContain("dash", look, StringComparison.Ordinal));
        Assert.All(looks[7..], look => Assert.Contains("dash", look, StringComparison.Ordinal));
    }

    /// <summary>The components of sRGB in linear light (IEC 61966-2-1), red, green and blue.</summary>
    private static double[] Linear(string colour) =>
        [.. new[] { 1, 3, 5 }.Select(at => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];

    private static double[] Seen(string colour, double[] matrix)
    {
        double[] light = Linear(colour);
        return [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(column => matrix[(3 * row) + column] * light[column]), 0, 1))];
    }

    private static double Luminance(double[] light) => (0.2126 * light[0]) + (0.7152 * light[1]) + (0.0722 * light[2]);

    /// <summary>The contrast ratio of WCAG 2.</summary>
    private static double Contrast(string one, string other)
    {
        (double first, double second) = (Luminance(Linear(one)), Luminance(Linear(other)));
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static (double L, double A, double B) Lab(double[] light)
    {
        double x = F(((0.4124 * light[0]) + (0.3576 * light[1]) + (0.1805 * light[2])) / 0.95047), y = F(Luminance(light));
        double z = F(((0.0193 * light[0]) + (0.1192 * light[1]) + (0.9505 * light[2])) / 1.08883);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));

        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
    }

    private static double Difference((double L, double A, double B) one, (double L, double A, double B) other) =>
        Math.Sqrt(Math.Pow(one.L - other.L, 2) + Math.Pow(one.A - other.A, 2) + Math.Pow(one.B - other.B, 2));
}
