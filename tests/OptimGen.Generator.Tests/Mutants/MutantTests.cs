using System.Diagnostics;
using System.Globalization;
using OptimGen.Generator.Tests.Harness;
using Xunit.Abstractions;

namespace OptimGen.Generator.Tests.Mutants;

/// <summary>
/// Every declaration of the repository, changed at random. Each day has a seed of its own. OPTIMGEN_MUTANTS sets how many there are, and
/// OPTIMGEN_MUTANTS_SEED the seed, with which a failure can be repeated.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>Parts of the mutants, so that one failure does not hide the others.</summary>
    private const int Parts = 10;

    /// <summary>Fixes are looked for in some mutants only: each needs a workspace.</summary>
    private const int MutantsForOneWithFixes = 16;

    private static readonly int Count = Number("OPTIMGEN_MUTANTS", 3_000);

    private static readonly int Seed = Number("OPTIMGEN_MUTANTS_SEED", DateTime.UtcNow.DayOfYear);

    private static readonly Lazy<Mutation> Mutation = new(() => new Mutation([BrokenInputTests.Valid, .. RepositoryDeclarations.All]));

    public static TheoryData<int> PartNumbers => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(PartNumbers))]
    public async Task NothingThrows_AndNoErrorIsInGeneratedCode(int part)
    {
        var slowest = (Time: TimeSpan.Zero, Index: 0);
        var failures = new List<string>();
        for (int index = part; index < Count; index += Parts)
        {
            string mutant = Mutation.Value.Mutate(Seed, index);
            var watch = Stopwatch.StartNew();
            try
            {
                BrokenInput.Check(mutant);
                if (watch.Elapsed > slowest.Time)
                {
                    slowest = (watch.Elapsed, index);
                }

                if (index / Parts % MutantsForOneWithFixes == 0)
                {
                    await CodeFixTest.RequireNoThrowAsync(mutant);
                }
            }
            catch (Exception exception) when (failures.Count < 20)
            {
                failures.Add($"Mutant {index} of seed {Seed}: {exception.Message}\n{mutant}");
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}, every {Parts}th of {Count} mutants; the slowest, {slowest.Index}, took {slowest.Time.TotalMilliseconds:F0} ms with the compiler's own time"));
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    /// <summary>Mutants of nothing would all pass.</summary>
    [Fact]
    public void TheSources_AreManyAndDiffer()
    {
        Assert.InRange(RepositoryDeclarations.All.Length, 300, 3_000);
        Assert.Contains(RepositoryDeclarations.All, source => source.Contains("class ScheduleFreeAdamW", StringComparison.Ordinal));
        Assert.True(Enumerable.Range(0, 200).Select(index => Mutation.Value.Mutate(Seed, index)).Distinct().Count() > 190);
        Assert.Equal(Mutation.Value.Mutate(1, 2), Mutation.Value.Mutate(1, 2));
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
}
