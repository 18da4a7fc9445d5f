using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// The gradient of a step over a set with addends: Σ wᵢgᵢ over the set's own gradient and those that have been added to it, in this order. Each product is
/// rounded to the element type, and the products are added as a binary tree that depends on their number alone: the left part has the largest power of two
/// of them that leaves one for the right.
/// </summary>
internal static class GradientSum
{
    /// <summary>Computes elements of the sum.</summary>
    /// <param name="parameters">The set.</param>
    /// <param name="block">The block that they are in.</param>
    /// <param name="start">The position of the first in the block.</param>
    /// <param name="sum">Receives them.</param>
    [SkipLocalsInit]
    public static void Of<T>(ParameterSet<T> parameters, ParameterBlock<T> block, int start, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> buffer = stackalloc T[StepTile<T>.Length];
        for (int done = 0; done < sum.Length; done += buffer.Length)
        {
            Span<T> part = sum.Slice(done, Math.Min(buffer.Length, sum.Length - done));
            Add(new Terms<T>(parameters, block, start + done), 0, 1 + parameters.GradientAddends.Count, part);
        }
    }

    /// <summary>The sum of the terms from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    [SkipLocalsInit]
    private static void Add<T>(in Terms<T> terms, int first, int end, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = end - first;
        Span<T> other = stackalloc T[StepTile<T>.Length];
        other = other[..sum.Length];
        if (count == 1)
        {
            Multiply(terms.Read(first, other), terms.Weight(first), sum);
        }
        else if (count == 2)
        {
            Span<T> second = stackalloc T[StepTile<T>.Length];
            MultiplyAdd(terms.Read(first, other), terms.Weight(first), terms.Read(first + 1, second[..sum.Length]), terms.Weight(first + 1), sum);
        }
        else
        {
            int middle = first + (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);
            Add(terms, first, middle, sum);
            Add(terms, middle, end, other);
            Add(other, sum);
        }
    }

    /// <summary>product ← w·g.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<T>(ReadOnlySpan<T> gradients, T weight, Span<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> from = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        Span<Vector<T>> to = MemoryMarshal.Cast<T, Vector<T>>(product);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[i] * weight;
        }

        for (int i = to.Length * Vector<T>.Count; i < product.Length; i++)
        {
            product[i] = gradients[i] * weight;
        }
    }

    /// <summary>sum ← w₁g₁ + w₂g₂, with three roundings: C# fuses no multiply-add, in vectors neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAdd<T>(ReadOnlySpan<T> left, T leftWeight, ReadOnlySpan<T> right, T rightWeight, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> leftVectors = MemoryMarshal.Cast<T, Vector<T>>(left), rightVectors = MemoryMarshal.Cast<T, Vector<T>>(right);
        Span<Vector<T>> to = MemoryMarshal.Cast<T, Vector<T>>(sum);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (leftVectors[i] * leftWeight) + (rightVectors[i] * rightWeight);
        }

        for (int i = to.Length * Vector<T>.Count; i < sum.Length; i++)
        {
            sum[i] = (left[i] * leftWeight) + (right[i] * rightWeight);
        }
    }

    /// <summary>sum ← sum + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(ReadOnlySpan<T> x, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> from = MemoryMarshal.Cast<T, Vector<T>>(x);
        Span<Vector<T>> to = MemoryMarshal.Cast<T, Vector<T>>(sum);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }

        for (int i = to.Length * Vector<T>.Count; i < sum.Length; i++)
        {
            sum[i] += x[i];
        }
    }

    /// <summary>The gradients of a few hundred elements that are added.</summary>
    private readonly ref struct Terms<T>(ParameterSet<T> parameters, ParameterBlock<T> block, int start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T Weight(int term) => T.CreateTruncating(term == 0 ? parameters.GradientWeight : parameters.GradientAddends[term - 1].Weight);

        /// <summary>One of them: itself, or decoded.</summary>
        public ReadOnlySpan<T> Read(int term, Span<T> decoded)
        {
            if (term > 0)
            {
                GradientAddend<T> addend = parameters.GradientAddends[term - 1];
                return addend.Storage == Storage.Native
                    ? addend.Elements(block.Index, start, decoded.Length)
                    : Decode(addend.Codes(block.Index, start, decoded.Length), decoded);
            }

            return block.HasBFloat16Gradients
                ? Decode(MemoryMarshal.CreateReadOnlySpan(ref block.BFloat16Gradients.At(start), decoded.Length), decoded)
                : MemoryMarshal.CreateReadOnlySpan(ref block.GradientElements.At(start), decoded.Length);
        }

        // Only a set in single precision has bfloat16.
        private static Span<T> Decode(ReadOnlySpan<BFloat16> codes, Span<T> decoded)
        {
            StorageCoder.Selected.DecodeBFloat16(MemoryMarshal.Cast<BFloat16, ushort>(codes), MemoryMarshal.Cast<T, float>(decoded));
            return decoded;
        }
    }
}
