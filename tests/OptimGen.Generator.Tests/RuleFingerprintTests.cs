using Microsoft.CodeAnalysis;
using OptimGen.Generator.Steps;
using OptimGen.Generator.Tests.Harness;

namespace OptimGen.Generator.Tests;

/// <summary>
/// The fingerprint that checkpoints carry: the same for whatever gives the same bits from the same states, another for everything else. A change that this
/// test reports as a change of a shipped rule makes old checkpoints of it unreadable without <c>AcceptChangedRule</c>.
/// </summary>
public class RuleFingerprintTests
{
    private const string Method = """
        using OptimGen;

        [Optimizer]
        public sealed partial class Rule
        {
            private static readonly float Decay = 0.9f;

            [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

            [PerStep] private static void Prepare(long step, double learningRate, [State] ref double product, out float rate)
            {
                product *= 0.5;
                rate = (float)(learningRate / (1 + product * step));
            }

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float speed, [State] ref float size, float rate)
            {
                float square = gradient * gradient;
                speed = Decay * speed + gradient;
                size = 0.99f * size + square;
                return parameter - rate * speed / (size + 1e-8f);
            }
        }
        """;

    public static TheoryData<string, string> SameBits => new()
    {
        { "float square = gradient * gradient;", "float renamed = gradient * gradient;\n        float square = renamed;" },
        { "speed = Decay * speed + gradient;\n        size = 0.99f * size + square;", "size = 0.99f * size + square;\n        speed = Decay * speed + gradient;" },
        { "[Optimizer]", "[Optimizer(Unroll = 1)]" },
        { "class Rule", "class Other" },
        { "= 0.1f;", "= 0.2f;" },
        { "return parameter", "// A comment.\n        return parameter" },
        { "float square = gradient * gradient;", "float square = gradient * gradient; float unused = square + 1;" },
    };

    public static TheoryData<string, string> OtherBits => new()
    {
        { "0.99f * size", "0.98f * size" },
        { "Decay * speed + gradient", "gradient + Decay * speed * 1.5f" },
        { "rate * speed / (size + 1e-8f)", "rate * (speed / (size + 1e-8f))" },
        { "[Optimizer]", "[Optimizer(Contract = true)]" },
        { "[State] ref float speed, [State] ref float size", "[State] ref float size, [State] ref float speed" },
        { "out float rate", "out double rate" },
        { "size = 0.99f * size + square;", "size = 0.99f * size + gradient;" },
        { "1e-8f", "-0f" },
    };

    [Theory, MemberData(nameof(SameBits))]
    public void TheSame_ForWhatDoesNotChangeAResult(string before, string after) => Assert.Equal(Of(Method), Of(Replace(before, after)));

    [Theory, MemberData(nameof(OtherBits))]
    public void Another_ForWhatDoes(string before, string after) => Assert.NotEqual(Of(Method), Of(Replace(before, after)));

    [Fact]
    public void StatesAreKnownByTheirNames()
    {
        string renamed = Method.Replace("speed", "velocity", StringComparison.Ordinal);
        Assert.NotEqual(Of(Method), Of(renamed));
    }

    [Theory, MemberData(nameof(Optimizers.Names), MemberType = typeof(Optimizers))]
    public void IsTheSameEachTime_AndNoOtherRules(string name)
    {
        string own = Of(Optimizers.Source(name));
        Assert.Matches("^[0-9a-f]{32}$", own);
        Assert.Equal(own, Of(Optimizers.Source(name)));
        Assert.All(
            Optimizers.All.Keys.Where(other => other != name && !AreOneRule(name, other)),
            other => Assert.NotEqual(own, Of(Optimizers.Source(other))));
    }

    [Fact]
    public void KernelsOverStatesInFewerBits_DoNotChangeIt() =>
        Assert.Equal(Of(Optimizers.Source(nameof(Optimizers.Momentum))), Of(Optimizers.Source(nameof(Optimizers.StoredMomentum))));

    private static bool AreOneRule(string one, string other) =>
        new[] { one, other }.Order().SequenceEqual([nameof(Optimizers.Momentum), nameof(Optimizers.StoredMomentum)]);

    private static string Replace(string before, string after)
    {
        Assert.Contains(before, Method, StringComparison.Ordinal);
        return Method.Replace(before, after, StringComparison.Ordinal);
    }

    private static string Of(string source) => RuleFingerprint.Of(ProgramDumpTests.Lower(source));
}
