using System.Numerics;

namespace OptimGen;

/// <summary>What a step does to the states of a reference, which keeps them in the element type: each is rounded to the form in which the kernel's are kept.</summary>
internal static class StorageReference
{
    /// <summary>Rounds every state that the kernel's optimizer keeps in another form.</summary>
    /// <param name="kernel">The optimizer whose forms count.</param>
    /// <param name="oracle">The optimizer whose states are rounded.</param>
    /// <param name="step">The number of the step; 0 for initial values, which are rounded to nearest.</param>
    public static void Round<T>(Optimizer<T> kernel, Optimizer<T> oracle, long step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int tensor = 0; tensor < kernel.Parameters.Count; tensor++)
        {
            for (int i = 0; i < kernel.Definition.States.Count; i++)
            {
                StateDefinition state = kernel.Definition.States[i];
                if (kernel.StorageOf(state.Name) != Storage.Native)
                {
                    StochasticRounding? rounding = step == 0 ? null : kernel.State.RoundingOf(tensor, i, step);
                    Round(oracle.GetState(oracle.Parameters[tensor], state.Name), kernel.StorageOf(state.Name), state.IsNonNegative, rounding);
                }
            }
        }
    }

    /// <summary>The elements whose states are nobody's result, because those of some elements are not: in blocks, all that share a scale with them.</summary>
    public static IReadOnlyCollection<(int Tensor, int Element)> Affected<T>(Optimizer<T> kernel, HashSet<(int Tensor, int Element)> elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool hasBlocks = kernel.Definition.States.Any(state => kernel.StorageOf(state.Name) == Storage.Block8);
        return !hasBlocks ? elements : elements.SelectMany(one => BlockOf(one.Element).Select(element => (one.Tensor, element))).Distinct()
            .Where(one => one.element < kernel.Parameters[one.Tensor].Length).ToArray();

        static IEnumerable<int> BlockOf(int element) => Enumerable.Range(element / StorageCodec.BlockLength * StorageCodec.BlockLength, StorageCodec.BlockLength);
    }

    private static void Round<T>(Span<T> elements, Storage storage, bool isNonNegative, StochasticRounding? rounding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < elements.Length; start += StorageCodec.BlockLength)
        {
            Span<T> block = elements[start..Math.Min(start + StorageCodec.BlockLength, elements.Length)];
            var values = new float[block.Length];
            for (int i = 0; i < block.Length; i++)
            {
                values[i] = float.CreateTruncating(block[i]);
            }

            if (storage == Storage.Block8)
            {
                var codes = new byte[block.Length];
                StorageCodec.DecodeBlock(codes, StorageCodec.EncodeBlock(values, isNonNegative, rounding, start, codes), isNonNegative, values);
            }
            else
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(values[i], rounding, start + i));
                }
            }

            for (int i = 0; i < block.Length; i++)
            {
                block[i] = T.CreateTruncating(values[i]);
            }
        }
    }
}
