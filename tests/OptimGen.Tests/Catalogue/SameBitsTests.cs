using System.Reflection;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>
/// The catalogue gives the same bits on every instruction set, and, for rules that are methods, those of the method as plain C#: at every length, at
/// every alignment to a cache line, for every kind of number, and for any number of threads.
/// </summary>
public class SameBitsTests
{
    public static TheoryData<string> Names => CatalogueEntries.Names;

    /// <summary>
    /// Each length is wrapped memory, so that it is a separate kernel call, and follows small tensors in the arena and in another group.
    /// </summary>
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 257).Append(5003).SelectMany(length => (int[])[2, 1, length])];

    [Theory, MemberData(nameof(Names))]
    public void EverySet_GivesTheBitsOfTheRule(string name) => Check(name, _ => { }, Lengths, steps: 6);

    /// <summary>With β = 0 the bias correction is 1. This tests the specialized kernels without the correction.</summary>
    [Theory, MemberData(nameof(Names))]
    public void EverySet_GivesTheBitsOfTheRule_WithoutMemory(string name) => Check(
        name,
        optimizer =>
        {
            foreach (HyperparameterDefinition decay in optimizer.Definition.Hyperparameters.Where(one => one is { Name: "Beta1" or "Beta2", MinimumIsExclusive: false }))
            {
                optimizer.SetHyperparameter(decay.Name, 0);
            }
        },
        new RuleCheckOptions().Lengths,
        steps: 4);

    /// <summary>Tests the kernels that prefetch, also past the end of every stream.</summary>
    [Theory, MemberData(nameof(Names))]
    public void EverySet_GivesTheBitsOfTheRule_FromMemory(string name) => Check(
        name, optimizer => optimizer.IsFromMemory = true, new RuleCheckOptions().Lengths, steps: 4);

    [Theory, MemberData(nameof(Names))]
    public void OneToEightThreads_GiveTheSameBits(string name)
    {
        Snapshot one = Snapshot.Of(RunOnThreads(name, 1));
        for (int threads = 2; threads <= 8; threads++)
        {
            one.AssertSame(RunOnThreads(name, threads), $"{name}, {threads} threads");
        }
    }

    private static void Check(string name, Action<Optimizer<float>> prepare, IReadOnlyList<int> lengths, int steps)
    {
        RuleCheckResult result = RuleCheck.Require(
            parameters =>
            {
                Optimizer<float> optimizer = CatalogueEntries.Of(name).Create(parameters);
                optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
                prepare(optimizer);
                return optimizer;
            },
            new RuleCheckOptions { Lengths = lengths, Steps = steps });
        Assert.True(result.RefusedSteps <= result.ComparedValues / (3 * lengths.Sum()), result.Report);
    }

    /// <summary>Tensors longer and shorter than a piece, in the arena, in a group with its own learning rate, and misaligned.</summary>
    private static Optimizer<float> RunOnThreads(string name, int threads)
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> other = parameters.AddGroup("other");
        parameters.Add("long", 100_003);
        other.Add("middle", 16_385);
        for (int i = 0; i < 40; i++)
        {
            (i % 2 == 0 ? other : parameters.Groups[0]).AddBias($"bias {i}", 1 + (13 * i));
        }

        parameters.Wrap("wrapped", new float[50_022].AsMemory(1), new float[50_024].AsMemory(3));
        other.Wrap("short", new float[35].AsMemory(2), new float[33]);

        CatalogueEntry entry = CatalogueEntries.Of(name);
        Optimizer<float> optimizer = entry.CreateOn(parameters, InstructionSets.Selected);
        optimizer.MaxDegreeOfParallelism = threads;
        foreach (Parameter<float> parameter in parameters)
        {
            Data.Values(parameter.Length).CopyTo(parameter.Values);
        }

        for (int step = 1; step <= 4; step++)
        {
            foreach (Parameter<float> parameter in parameters)
            {
                Data.Gradient(parameter.Length, step).CopyTo(parameter.Gradients);
            }

            // The norm is a reduction too.
            optimizer.MaxGradientNorm = step > 2 ? 100 : null;
            entry.Step(optimizer);
        }

        return optimizer;
    }
}
