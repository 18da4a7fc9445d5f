using System.Numerics;

namespace OptimGen;

/// <summary>
/// The state streams of an optimizer. Each is laid out like the blocks of the parameters: element i of a state belongs to element i of the parameters.
/// </summary>
internal sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<StateDefinition> definitions;
    private readonly IReadOnlyList<ParameterBlock<T>> blocks;
    private readonly ElementMemory<T>[][] streams;
    private readonly bool[] lacksCopy;

    public OptimizerState(IReadOnlyList<StateDefinition> definitions, IReadOnlyList<ParameterBlock<T>> blocks)
    {
        (this.definitions, this.blocks) = (definitions, blocks);
        lacksCopy = [.. definitions.Select(definition => definition.CopiesParameter)];
        LacksCopies = lacksCopy.Contains(true);
        streams = [.. blocks.Select(block => definitions.Select(definition => new ElementMemory<T>(Allocate(definition, block.Used))).ToArray())];
    }

    /// <summary>The streams of a block.</summary>
    public ElementMemory<T>[] Of(int block) => streams[block];

    /// <summary>Whether any state that starts as a copy of the parameters has not been initialized yet.</summary>
    public bool LacksCopies { get; private set; }

    /// <summary>Initializes the states that start as a copy of the parameters. Called at the first step, since values may be set until then.</summary>
    public void CopyParameters()
    {
        for (int i = 0; i < lacksCopy.Length; i++)
        {
            CopyParameters(i);
        }
    }

    /// <summary>
    /// The same for one state. Called also before a state is handed out, so that a value restored by the user is not overwritten at the first step.
    /// </summary>
    public void CopyParameters(int index)
    {
        if (lacksCopy[index])
        {
            foreach (ParameterBlock<T> block in blocks)
            {
                block.Values.Span[..block.Used].CopyTo(streams[block.Index][index].Span);
            }

            lacksCopy[index] = false;
            LacksCopies = lacksCopy.Contains(true);
        }
    }

    /// <summary>Whether a state has its values: that of one that starts as a copy of the parameters only when the copy has been made.</summary>
    public bool HasValues(int index) => !lacksCopy[index];

    /// <summary>For a checkpoint: sets whether the copy of the parameters has been made.</summary>
    public void SetHasValues(int index, bool value)
    {
        lacksCopy[index] = !value;
        LacksCopies = lacksCopy.Contains(true);
    }

    /// <summary>The elements of a parameter in a state, as they are.</summary>
    public Memory<T> MemoryOf(Parameter<T> parameter, int index) =>
        streams[parameter.Block.Index][index].Memory.Slice(parameter.Offset, parameter.Length);

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
