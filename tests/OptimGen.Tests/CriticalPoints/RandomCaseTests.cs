using System.Numerics;
using Xunit.Abstractions;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>Random functions whose Hessians are known: every eigenvalue is within its stated error, and no verdict is false.</summary>
public class RandomCaseTests(ITestOutputHelper output)
{
    private const int Cases = 500;

    [Fact]
    public void InDoublePrecision() => Check<double>(first: 0, largestRelativeError: 1e-11, leastDecided: 0.8);

    [Fact]
    public void InSinglePrecision() => Check<float>(first: 1000, largestRelativeError: 1e-3, leastDecided: 0.8);

    internal void Check<T>(int first, double largestRelativeError, double leastDecided)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int decided = 0, large = 0;
        double worst = 0;
        var failures = new List<string>();
        var verdicts = new SortedDictionary<string, int>();
        for (int seed = first; seed < first + Cases; seed++)
        {
            var random = new Random(seed);
            string kind = RandomSpectra.Kinds[seed % RandomSpectra.Kinds.Length];
            int n = seed % 5 == 4 ? random.Next(129, 1001) : (int)Math.Pow(2, 1 + 5.5 * random.NextDouble());
            large += n > 128 ? 1 : 0;
            bool curved = random.Next(2) == 0;
            var function = new KnownFunction<T>(
                RandomSpectra.Draw(kind, n, random), random,
                third: curved && kind != "flat" ? 3 * random.NextDouble() : 0, fourth: curved && kind != "flat" ? 10 * random.NextDouble() : 0,
                offset: random.Next(2) * random.NextDouble(), centerSize: random.Next(4) == 0 ? 0 : Math.Pow(10, 3 * random.NextDouble() - 2));
            T[][] before = [.. function.Parameters.Select(parameter => parameter.Values.ToArray())];
            var options = new CriticalPointOptions<T> { Seed = seed, EigenvalueCount = Math.Min(n, 1 + random.Next(4)), MaxLanczosSteps = 120 };
            CriticalPointAnalysis<T> found = CriticalPoint.Analyze(function.Parameters, function.Objective, new MiniBatch([0]), options);

            string name = $"case {seed} ({kind}, n = {n})";
            Assert.Equal(before, function.Parameters.Select(parameter => parameter.Values.ToArray()));
            failures.AddRange(KnownPoint.Failures(found, function.Spectrum, options).Select(failure => $"{name}: {failure}"));
            double size = function.Spectrum.Max(Math.Abs);
            worst = size == 0 || kind == "flat" || !found.UsesFullHessian ? worst : Math.Max(worst, found.Smallest[0].Error / size);
            decided += found.Verdict == CriticalPointVerdict.Undecided ? 0 : 1;
            string key = $"{kind}: {found.Verdict}";
            verdicts[key] = verdicts.GetValueOrDefault(key) + 1;
        }

        output.WriteLine($"{decided} of {Cases} decided, {large} large, largest relative error {worst:G3}\n{string.Join('\n', verdicts.Select(pair => $"{pair.Key} {pair.Value}"))}");
        Assert.True(failures.Count == 0, $"{failures.Count} failures:\n{string.Join('\n', failures.Take(30))}");
        // The errors would be within their bounds if those were large enough, and nothing would be false if nothing were decided.
        Assert.InRange(worst, 0, largestRelativeError);
        Assert.InRange(decided, leastDecided * Cases, Cases);
    }
}
