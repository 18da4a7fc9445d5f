using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Parameters of one group that are contiguous in memory, padding included: one kernel call can update all of them. A set whose parameters
/// are all in one block and one group is a single run.
/// </summary>
internal sealed class ParameterRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ParameterRun(ParameterBlock<T> block, int group, int tensor, int offset, int length)
    {
        (Block, Group, Tensor, Offset, Length, StateOffset) = (block.Index, group, tensor, offset, length, offset);
        (Values, Gradients) = (block.ValueElements, block.GradientElements);
        (BFloat16Gradients, HasBFloat16Values, HasBFloat16Gradients) = (block.BFloat16Gradients, block.HasBFloat16Values, block.HasBFloat16Gradients);
    }

    private ParameterRun(ParameterRun<T> run, int group, int tensor)
    {
        (Block, Group, Tensor, Offset, Length, StateOffset) = (run.Block, group, tensor, run.Offset, run.Length, run.StateOffset);
        (Values, Gradients, States) = (run.Values, run.Gradients, run.States);
        (BFloat16Gradients, HasBFloat16Values, HasBFloat16Gradients, IsTiled) = (run.BFloat16Gradients, run.HasBFloat16Values, run.HasBFloat16Gradients, run.IsTiled);
    }

    public int Block { get; }

    public int Group { get; }

    /// <summary>The tensor's position in the set, for a run of one tensor.</summary>
    public int Tensor { get; }

    /// <summary>The position of the first element in its block.</summary>
    public int Offset { get; }

    public int Length { get; private set; }

    /// <summary>The values of the whole block.</summary>
    public ElementMemory<T> Values { get; }

    /// <summary>The gradients of the whole block: the block's own, or their sums with addends.</summary>
    public ElementMemory<T> Gradients { get; private set; }

    /// <summary>The gradients of the whole block in bfloat16; empty if they are in the element type.</summary>
    public ElementMemory<BFloat16> BFloat16Gradients { get; }

    public bool HasBFloat16Values { get; }

    public bool HasBFloat16Gradients { get; private set; }

    /// <summary>Whether any of its streams is in another form than the element type, so that a step goes over it by tiles.</summary>
    public bool IsTiled { get; set; }

    /// <summary>The states of the whole block, or of the elements of this run that are kept here.</summary>
    public ElementMemory<T>[] States { get; set; } = [];

    /// <summary>The position of the first element in its states; negative if only later elements are kept here.</summary>
    public int StateOffset { get; set; }

    /// <summary>Gradients of this run in bfloat16.</summary>
    public Span<BFloat16> BFloat16GradientsOf(int start, int length) => MemoryMarshal.CreateSpan(ref BFloat16Gradients.At(Offset + start), length);

    /// <summary>Has steps read the gradients of a block, or sums that are kept in place of them.</summary>
    public void ReadGradientsOf(ParameterBlock<T> block, GradientSums<T>? sums) =>
        (Gradients, HasBFloat16Gradients) = sums is null ? (block.GradientElements, block.HasBFloat16Gradients) : (sums.Of(Block), false);

    /// <summary>The same elements with the scalars of another group and tensor.</summary>
    public ParameterRun<T> With(int group, int tensor) => new(this, group, tensor);

    /// <summary>A run for each parameter, without the padding, in the order of the set.</summary>
    public static ParameterRun<T>[] OfTensors(ParameterSet<T> parameters) =>
    [
        .. parameters.Select((parameter, index) => new ParameterRun<T>(parameter.Block, parameter.Group.Index, index, parameter.Offset, parameter.Length)),
    ];

    /// <summary>The longest runs of all parameters.</summary>
    public static ParameterRun<T>[] Of(ParameterSet<T> parameters) => Of(parameters, static _ => true);

    /// <summary>The longest runs: neighbours in a block that belong to the same group are merged.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="isIncluded">Whether a parameter belongs to a run, by its position in the set.</param>
    public static ParameterRun<T>[] Of(ParameterSet<T> parameters, Func<int, bool> isIncluded)
    {
        var runs = new List<ParameterRun<T>>();
        foreach (ParameterBlock<T> block in parameters.Blocks)
        {
            Parameter<T>[] inBlock = [.. parameters.Where(parameter => parameter.Block == block).OrderBy(parameter => parameter.Offset)];
            for (int i = 0; i < inBlock.Length; i++)
            {
                if (!isIncluded(inBlock[i].Index))
                {
                    continue;
                }

                int end = i + 1 < inBlock.Length ? inBlock[i + 1].Offset : block.Used;
                if (i > 0 && inBlock[i - 1].Group == inBlock[i].Group && isIncluded(inBlock[i - 1].Index))
                {
                    runs[^1].Length = end - runs[^1].Offset;
                }
                else
                {
                    runs.Add(new ParameterRun<T>(block, inBlock[i].Group.Index, 0, inBlock[i].Offset, end - inBlock[i].Offset));
                }
            }
        }

        return [.. runs];
    }
}
