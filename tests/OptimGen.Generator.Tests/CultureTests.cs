using System.Globalization;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>The user's culture is not the project's: text, messages and names are the same under every one.</summary>
public class CultureTests
{
    public static TheoryData<string> Names => Optimizers.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_AreTheSame(string name)
    {
        IReadOnlyDictionary<string, string> expected = GeneratorTest.Run(Optimizers.Source(name)).Files;
        Assert.Equal(expected, Under(OddCulture(), () => GeneratorTest.Run(Optimizers.Source(name)).Files));
    }

    [Fact]
    public void LetterI_DoesNotFollowTurkishRules()
    {
        const string Source = "using OptimGen; [Optimizer, InfinityNormalize(0.5)] internal sealed partial class I; [Optimizer] internal sealed partial class i;";
        IReadOnlyDictionary<string, string> expected = GeneratorTest.Run(Source).Files;
        Assert.Equal(expected, Under(CultureInfo.GetCultureInfo("tr-TR"), () => GeneratorTest.Run(Source).Files));
    }

    [Fact]
    public void Messages_AreTheSame() => Under(OddCulture(), () => GeneratorTest.Run(
        GeneratorTest.Usings + "[Optimizer(LearningRate = -0.5), Ewa(1.5), BiasCorrection(FirstSteps = -3)] internal sealed partial class Any;",
        "OPTG005 at `-0.5`: LearningRate of [Optimizer] is -0.5; it must be at least 0, and finite",
        "OPTG005 at `1.5`: β of [Ewa] is 1.5; it must be in [0, 1)",
        "OPTG005 at `-3`: FirstSteps of [BiasCorrection] is -3; it must be a whole number, at least 1"));

    private static CultureInfo OddCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("sv-SE").Clone();
        culture.NumberFormat.NegativeSign = "−";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.PositiveInfinitySymbol = "∞";
        return culture;
    }

    private static T Under<T>(CultureInfo culture, Func<T> action)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
