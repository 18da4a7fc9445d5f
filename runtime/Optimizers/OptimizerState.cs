using System.Numerics;

namespace OptimGen;

/// <summary>The state streams of an optimizer, laid out like the blocks of its parameters: element i of a state belongs to element i there.</summary>
internal sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<StateDefinition> definitions;
    private readonly IReadOnlyList<ParameterBlock<T>> blocks;
    private readonly ElementMemory<T>[][] streams;
    private readonly bool[] lacksCopy;
    private bool lacksCopies;

    public OptimizerState(IReadOnlyList<StateDefinition> definitions, IReadOnlyList<ParameterBlock<T>> blocks)
    {
        (this.definitions, this.blocks) = (definitions, blocks);
        lacksCopy = [.. definitions.Select(definition => definition.CopiesParameter)];
        lacksCopies = lacksCopy.Contains(true);
        streams = [.. blocks.Select(block => definitions.Select(definition => new ElementMemory<T>(Allocate(definition, block.Used))).ToArray())];
    }

    /// <summary>The streams of a block.</summary>
    public ElementMemory<T>[] Of(int block) => streams[block];

    /// <summary>Gives every state that starts as a copy of the parameter its first value, once, before the first step.</summary>
    public void CopyParameters()
    {
        if (!lacksCopies)
        {
            return;
        }

        for (int state = 0; state < definitions.Count; state++)
        {
            CopyParameters(state);
        }

        lacksCopies = false;
    }

    /// <summary>As <see cref="CopyParameters()"/>, for one state, before anybody sees it, who may restore it.</summary>
    public void CopyParameters(int state)
    {
        if (!lacksCopy[state])
        {
            return;
        }

        foreach (ParameterBlock<T> block in blocks)
        {
            block.Values.Span[..block.Used].CopyTo(streams[block.Index][state].Span);
        }

        lacksCopy[state] = false;
    }

    private static Memory<T> Allocate(StateDefinition definition, int length)
    {
        Memory<T> memory = AlignedMemory.Allocate<T>(length);
        // −0 is another value than the 0 that memory starts with.
        if (BitConverter.DoubleToInt64Bits(definition.InitialValue) != 0)
        {
            memory.Span.Fill(T.CreateTruncating(definition.InitialValue));
        }

        return memory;
    }
}
