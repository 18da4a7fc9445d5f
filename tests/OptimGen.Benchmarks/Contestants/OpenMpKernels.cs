using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>
/// The generated kernel on OpenMP's threads: an optimizer for each thread, over its share of the elements. What differs from <see cref="GeneratedStep"/> is
/// who forks and joins. Since an optimizer owns its state, the shares have memory of their own, laid out alike.
/// </summary>
internal sealed unsafe class OpenMpKernels : IContestant
{
    private const string Source = "team.c";

    // One runs at a time.
    private static Optimizer<float>[] running = [];

    private readonly Parameter<float>[] parameters;
    private readonly Optimizer<float>[] optimizers;
    private readonly delegate* unmanaged<delegate* unmanaged<int, void>, int, void> forEachMember;

    private OpenMpKernels(Arena arena, Setting setting, CLibrary library)
    {
        forEachMember = (delegate* unmanaged<delegate* unmanaged<int, void>, int, void>)library.Find("for_each_member");
        parameters = new Parameter<float>[setting.Threads];
        optimizers = new Optimizer<float>[setting.Threads];
        for (int i = 0; i < setting.Threads; i++)
        {
            // Whole cache lines, and for the last thread what remains.
            int start = Boundary(i), length = Boundary(i + 1) - start;
            var set = new ParameterSet(length);
            parameters[i] = set.Add("parameter", length);
            arena.Values.Slice(start, length).CopyTo(parameters[i].Values);
            arena.Gradients.Slice(start, length).CopyTo(parameters[i].Gradients);
            optimizers[i] = arena.Rule.Create(set);
            optimizers[i].InstructionSet = setting.InstructionSet;
            optimizers[i].MaxDegreeOfParallelism = 1;
            optimizers[i].NonFiniteGradients = setting.ChecksGradients ? NonFiniteGradientPolicy.Throw : NonFiniteGradientPolicy.Allow;
        }

        int Boundary(int index) => index == setting.Threads ? arena.Length : (int)((long)arena.Length * index / setting.Threads / 16 * 16);
    }

    public string Name => "OptimGen -fopenmp";

    public float[][] Results =>
    [
        [.. parameters.SelectMany(parameter => parameter.Values.ToArray())],
        .. optimizers[0].Definition.States.Select(state => parameters.Zip(optimizers).SelectMany(part => part.Second.GetState(part.First, state.Name).ToArray()).ToArray()),
    ];

    /// <summary>The contestant, or null where there is no compiler with OpenMP, or a thread would have no element.</summary>
    public static OpenMpKernels? TryCreate(Arena arena, Setting setting) =>
        setting.Threads > 1 && arena.Length >= 16 * setting.Threads && CCompiler.Gcc?.Build(Source, "-O3", setting.Threads) is { } library
            ? new OpenMpKernels(arena, setting, library) : null;

    public void Step()
    {
        running = optimizers;
        forEachMember(&Work, optimizers.Length);
    }

    [UnmanagedCallersOnly]
    private static void Work(int member) => running[member].Step();
}
