using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace OptimGen.CompilerServices;

/// <summary>
/// The streams of a tensor of which some are kept in fewer bits, for the elements of one kernel call. Their memory does not move during the call.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe ref struct StoredStreams
{
    /// <summary>The position of the parameters, before the states.</summary>
    public const int Parameter = BFloat16Parameter.Stream;

    private readonly ParameterRun<float> run;
    private readonly StoredState?[] states;
    private readonly ReadOnlySpan<StochasticRounding?> roundings;

    /// <param name="run">The tensor.</param>
    /// <param name="start">The position of the first element of the call in it, a multiple of a group; for states in blocks, of a block.</param>
    /// <param name="states">The states in the order of the definition; <see langword="null"/> for one that is kept in single precision.</param>
    /// <param name="roundings">How the parameters and then each state are rounded.</param>
    /// <param name="parameters">The first parameter, in the form for which the kernel is compiled.</param>
    /// <param name="gradients">The first gradient, in the form for which the kernel is compiled.</param>
    internal StoredStreams(ParameterRun<float> run, int start, StoredState?[] states, ReadOnlySpan<StochasticRounding?> roundings, void* parameters, void* gradients)
    {
        (this.run, Start, this.states) = (run, start, states);
        this.roundings = roundings;
        (Parameters, Gradients) = ((nint)parameters, (nint)gradients);
    }

    /// <summary>The position of the first element in its tensor.</summary>
    internal int Start { get; }

    /// <summary>The number of states.</summary>
    internal int StateCount => states.Length;

    /// <summary>The address of the first parameter.</summary>
    internal nint Parameters { get; }

    /// <summary>The address of the first gradient.</summary>
    internal nint Gradients { get; }

    /// <summary>The random bits of some stream: all have the same counters, and a multiplier of their own.</summary>
    internal StochasticRounding Rounding
    {
        get
        {
            foreach (StochasticRounding? rounding in roundings)
            {
                if (rounding is { } random)
                {
                    return random;
                }
            }

            throw new InvalidOperationException("No stream is rounded stochastically.");
        }
    }

    /// <summary>A state that is kept in fewer bits.</summary>
    internal StoredState this[int index] => states[index]!;

    /// <summary>The random bits of a stream that is rounded stochastically.</summary>
    internal StochasticRounding RoundingOf(int index) => roundings[index - Parameter]!.Value;

    /// <summary>The parameters or a state, kept in single precision.</summary>
    internal float* FloatsOf(int index) =>
        index == Parameter ? (float*)Parameters : (float*)Unsafe.AsPointer(ref run.States[index].At(run.StateOffset + Start));

    /// <summary>The parameters or a state, kept in bfloat16.</summary>
    internal ushort* BFloat16CodesOf(int index) => index == Parameter ? (ushort*)Parameters : ((BFloat16State)this[index]).CodesAt(Start);
}
