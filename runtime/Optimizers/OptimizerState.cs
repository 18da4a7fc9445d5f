using System.Numerics;

namespace OptimGen;

/// <summary>The state streams of an optimizer, laid out like the blocks of its parameters: element i of a state belongs to element i there.</summary>
internal sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<StateDefinition> definitions;
    private readonly IReadOnlyList<ParameterBlock<T>> blocks;
    private readonly ElementMemory<T>[][] streams;
    private bool lacksCopies;

    public OptimizerState(IReadOnlyList<StateDefinition> definitions, IReadOnlyList<ParameterBlock<T>> blocks)
    {
        (this.definitions, this.blocks) = (definitions, blocks);
        lacksCopies = definitions.Any(definition => definition.CopiesParameter);
        streams = [.. blocks.Select(block => definitions.Select(definition => new ElementMemory<T>(Allocate(definition, block.Used))).ToArray())];
    }

    /// <summary>The streams of a block.</summary>
    public ElementMemory<T>[] Of(int block) => streams[block];

    /// <summary>
    /// Gives the states that start as a copy of the parameter their first value, once: before the first step, or before anybody sees the states, who may
    /// restore them.
    /// </summary>
    public void CopyParameters()
    {
        if (!lacksCopies)
        {
            return;
        }

        foreach (ParameterBlock<T> block in blocks)
        {
            for (int i = 0; i < definitions.Count; i++)
            {
                if (definitions[i].CopiesParameter)
                {
                    block.Values.Span[..block.Used].CopyTo(streams[block.Index][i].Span);
                }
            }
        }

        lacksCopies = false;
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
