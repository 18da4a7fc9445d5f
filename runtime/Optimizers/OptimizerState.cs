using System.Numerics;

namespace OptimGen;

/// <summary>The state streams of an optimizer, laid out like the blocks of its parameters: element i of a state belongs to element i there.</summary>
internal sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<StateDefinition> definitions;
    private readonly Memory<T>[][] streams;

    public OptimizerState(IReadOnlyList<StateDefinition> definitions, IReadOnlyList<ParameterBlock<T>> blocks)
    {
        this.definitions = definitions;
        streams = [.. blocks.Select(block => definitions.Select(definition => Allocate(definition, block.Used)).ToArray())];
    }

    public Memory<T>[] Of(int block) => streams[block];

    /// <summary>Gives the states that start as a copy of the parameter their first value.</summary>
    public void CopyParameters(IReadOnlyList<ParameterBlock<T>> blocks)
    {
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
    }

    private static Memory<T> Allocate(StateDefinition definition, int length)
    {
        Memory<T> memory = AlignedMemory.Allocate<T>(length);
        if (definition.InitialValue != 0)
        {
            memory.Span.Fill(T.CreateTruncating(definition.InitialValue));
        }

        return memory;
    }
}
