using Microsoft.CodeAnalysis;
using Xunit.Sdk;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>What a second run of the pipeline took from its cache.</summary>
internal static class Incrementality
{
    /// <summary>The pipeline's own steps.</summary>
    public static readonly string[] Steps = [OptimizerGenerator.ParseStep, OptimizerGenerator.UniqueNameStep, OptimizerGenerator.LowerStep];

    /// <summary>Requires that nothing was done again: every step and every output is cached, or came out equal.</summary>
    public static void RequireCached(GeneratorDriverRunResult second, GeneratorDriverRunResult first)
    {
        GeneratorRunResult before = first.Results.Single(), after = second.Results.Single();
        if (before.Exception is { } exception)
        {
            throw new XunitException($"The generator threw: {exception}");
        }

        bool generated = !before.GeneratedSources.IsEmpty;
        foreach (string step in Steps)
        {
            // A declaration with errors is not lowered.
            if (generated && !after.TrackedSteps.ContainsKey(step) && (step != OptimizerGenerator.LowerStep || before.TrackedSteps.ContainsKey(step)))
            {
                throw new XunitException($"The step {step} did not run.");
            }

            RequireCached(step, after.TrackedSteps.TryGetValue(step, out var runs) ? runs : []);
        }

        foreach ((string name, var runs) in after.TrackedOutputSteps)
        {
            RequireCached(name, runs, alsoUnchanged: false);
        }

        Assert.Equal(
            before.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString())),
            after.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString())));
    }

    /// <summary>The reasons of one step's values, in their order.</summary>
    public static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step) =>
    [
        .. driver.GetRunResult().Results.Single().TrackedSteps.TryGetValue(step, out var runs)
            ? runs.SelectMany(run => run.Outputs).Select(output => output.Reason)
            : [],
    ];

    private static void RequireCached(string name, IEnumerable<IncrementalGeneratorRunStep> runs, bool alsoUnchanged = true)
    {
        foreach ((object value, IncrementalStepRunReason reason) in runs.SelectMany(run => run.Outputs))
        {
            if (reason != IncrementalStepRunReason.Cached && !(alsoUnchanged && reason == IncrementalStepRunReason.Unchanged))
            {
                throw new XunitException($"The step {name} was {reason} in the second run over the same project; its value is {value}");
            }
        }
    }
}
