using System.ComponentModel;

namespace OptimGen.CompilerServices;

/// <summary>The states of a tensor that are kept in fewer bits, for the elements of one kernel call.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct StoredStates
{
    private readonly StoredState?[] states;
    private readonly ReadOnlySpan<StochasticRounding?> roundings;

    /// <param name="states">The states in the order of the definition.</param>
    /// <param name="roundings">How each is rounded.</param>
    /// <param name="start">The first element of the call, a multiple of a group; for states in blocks, of a block.</param>
    internal StoredStates(StoredState?[] states, ReadOnlySpan<StochasticRounding?> roundings, int start)
    {
        (this.states, Start) = (states, start);
        this.roundings = roundings;
    }

    /// <summary>The position of the first element in its tensor.</summary>
    internal int Start { get; }

    /// <summary>The number of states.</summary>
    internal int Count => states.Length;

    internal StoredState this[int index] => states[index]!;

    /// <summary>The random bits of a state that is rounded stochastically.</summary>
    internal StochasticRounding RoundingOf(int index) => roundings[index]!.Value;
}
