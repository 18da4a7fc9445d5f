using System.Numerics;

namespace OptimGen;

/// <summary>
/// Neighbouring parameters of one group, padding included: what one kernel call covers. A set whose parameters are all in one block and
/// one group is a single run.
/// </summary>
internal sealed class ParameterRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Stretch<T> values;
    private readonly Stretch<T> gradients;

    private ParameterRun(ParameterBlock<T> block, int group, int offset, int length)
    {
        (Block, Group, Offset, Length) = (block.Index, group, offset, length);
        (values, gradients) = (new Stretch<T>(block.Values), new Stretch<T>(block.Gradients));
    }

    public int Block { get; }

    public int Group { get; }

    public int Offset { get; }

    public int Length { get; private set; }

    public Span<T> Values => values.Span.Slice(Offset, Length);

    public Span<T> Gradients => gradients.Span.Slice(Offset, Length);

    /// <summary>The values from an element of the run on.</summary>
    public ref T ValuesAt(int start) => ref values.At(Offset + start);

    /// <summary>The gradients from an element of the run on.</summary>
    public ref T GradientsAt(int start) => ref gradients.At(Offset + start);

    /// <summary>A run for each parameter, without the padding, in the order of the set.</summary>
    public static ParameterRun<T>[] OfTensors(ParameterSet<T> parameters) =>
    [
        .. parameters.Select(parameter => new ParameterRun<T>(parameter.Block, parameter.Group.Index, parameter.Offset, parameter.Length)),
    ];

    public static ParameterRun<T>[] Of(ParameterSet<T> parameters)
    {
        var runs = new List<ParameterRun<T>>();
        foreach (ParameterBlock<T> block in parameters.Blocks)
        {
            Parameter<T>[] inBlock = [.. parameters.Where(parameter => parameter.Block == block).OrderBy(parameter => parameter.Offset)];
            for (int i = 0; i < inBlock.Length; i++)
            {
                int end = i + 1 < inBlock.Length ? inBlock[i + 1].Offset : block.Used;
                if (i > 0 && inBlock[i - 1].Group == inBlock[i].Group)
                {
                    runs[^1].Length = end - runs[^1].Offset;
                }
                else
                {
                    runs.Add(new ParameterRun<T>(block, inBlock[i].Group.Index, inBlock[i].Offset, end - inBlock[i].Offset));
                }
            }
        }

        return [.. runs];
    }
}
