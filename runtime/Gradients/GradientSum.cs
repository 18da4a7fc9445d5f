using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// The gradient of a step over a set with addends: Σ wᵢgᵢ over the set's own gradient and those that have been added to it, in this order. Each product is
/// rounded to the element type, and the products are added as a binary tree that depends on their number alone: the left part has the largest power of two
/// of them that leaves one for the right.
/// </summary>
internal static class GradientSum
{
    /// <summary>The length of <see cref="BufferOfThread"/>: in single precision 16 KiB, which stay in the first-level cache.</summary>
    public const int BufferLength = 4096;

    /// <summary>The number of terms that one loop adds.</summary>
    private const int MostInOneLoop = 4;

    /// <summary>Room for a sum, of this thread.</summary>
    public static Span<T> BufferOfThread<T>()
        where T : unmanaged => Buffer<T>.OfThread ??= GC.AllocateArray<T>(BufferLength, pinned: true);

    /// <summary>Computes elements of the sum.</summary>
    /// <param name="parameters">The set.</param>
    /// <param name="block">The block that they are in.</param>
    /// <param name="start">The position of the first in the block.</param>
    /// <param name="sum">Receives them.</param>
    public static void Of<T>(ParameterSet<T> parameters, ParameterBlock<T> block, int start, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = 1 + parameters.GradientAddends.Count;
        if (count <= MostInOneLoop && !block.HasBFloat16Gradients && parameters.AreGradientAddendsNative)
        {
            AddInOneLoop(new Terms<T>(parameters, block, start, default), 0, count, sum);
        }
        else
        {
            AddByTiles(parameters, block, start, count, sum);
        }
    }

    /// <summary>Terms that are decoded, or sums of sums, stay in the first-level cache.</summary>
    [SkipLocalsInit]
    private static void AddByTiles<T>(ParameterSet<T> parameters, ParameterBlock<T> block, int start, int count, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> decoded = stackalloc T[MostInOneLoop * StepTile<T>.Length];
        for (int done = 0; done < sum.Length; done += StepTile<T>.Length)
        {
            Span<T> part = sum.Slice(done, Math.Min(StepTile<T>.Length, sum.Length - done));
            Add(new Terms<T>(parameters, block, start + done, decoded), 0, count, part);
        }
    }

    /// <summary>The sum of the terms from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    [SkipLocalsInit]
    private static void Add<T>(Terms<T> terms, int first, int end, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = end - first;
        if (count <= MostInOneLoop)
        {
            AddInOneLoop(terms, first, count, sum);
            return;
        }

        Span<T> other = stackalloc T[StepTile<T>.Length];
        other = other[..sum.Length];
        int middle = first + (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);
        Add(terms, first, middle, sum);
        Add(terms, middle, end, other);
        ElementSum.Add(sum, other);
    }

    private static void AddInOneLoop<T>(Terms<T> terms, int first, int count, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T a = ref terms.Read(first, 0, sum.Length);
        ref T b = ref terms.Read(first + Math.Min(1, count - 1), 1, sum.Length);
        ref T c = ref terms.Read(first + Math.Min(2, count - 1), 2, sum.Length);
        ref T d = ref terms.Read(first + Math.Min(3, count - 1), 3, sum.Length);
        T ofA = terms.Weight(first), ofB = terms.Weight(first + Math.Min(1, count - 1));
        T ofC = terms.Weight(first + Math.Min(2, count - 1)), ofD = terms.Weight(first + Math.Min(3, count - 1));
        ref T to = ref MemoryMarshal.GetReference(sum);
        switch (count)
        {
            case 1:
                AddOne(ref a, ofA, ref to, (nuint)sum.Length);
                break;
            case 2:
                AddTwo(ref a, ofA, ref b, ofB, ref to, (nuint)sum.Length);
                break;
            case 3:
                AddThree(ref a, ofA, ref b, ofB, ref c, ofC, ref to, (nuint)sum.Length);
                break;
            default:
                AddFour(ref a, ofA, ref b, ofB, ref c, ofC, ref d, ofD, ref to, (nuint)sum.Length);
                break;
        }
    }

    // In each, one rounding of every product and one of every sum: C# fuses no multiply-add, in vectors neither. Prefetching ahead costs little in a cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne<T>(ref T a, T ofA, ref T sum, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint i = 0;
        for (; i + (nuint)Vector512<T>.Count <= count; i += (nuint)Vector512<T>.Count)
        {
            (Vector512.LoadUnsafe(ref a, i) * ofA).StoreUnsafe(ref sum, i);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref sum, i) = Unsafe.Add(ref a, i) * ofA;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwo<T>(ref T a, T ofA, ref T b, T ofB, ref T sum, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint i = 0;
        for (; i + (nuint)Vector512<T>.Count <= count; i += (nuint)Vector512<T>.Count)
        {
            Prefetch.Ahead(ref a, i);
            Prefetch.Ahead(ref b, i);
            ((Vector512.LoadUnsafe(ref a, i) * ofA) + (Vector512.LoadUnsafe(ref b, i) * ofB)).StoreUnsafe(ref sum, i);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref sum, i) = (Unsafe.Add(ref a, i) * ofA) + (Unsafe.Add(ref b, i) * ofB);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddThree<T>(ref T a, T ofA, ref T b, T ofB, ref T c, T ofC, ref T sum, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint i = 0;
        for (; i + (nuint)Vector512<T>.Count <= count; i += (nuint)Vector512<T>.Count)
        {
            Prefetch.Ahead(ref a, i);
            Prefetch.Ahead(ref b, i);
            Prefetch.Ahead(ref c, i);
            Vector512<T> left = (Vector512.LoadUnsafe(ref a, i) * ofA) + (Vector512.LoadUnsafe(ref b, i) * ofB);
            (left + (Vector512.LoadUnsafe(ref c, i) * ofC)).StoreUnsafe(ref sum, i);
        }

        for (; i < count; i++)
        {
            T left = (Unsafe.Add(ref a, i) * ofA) + (Unsafe.Add(ref b, i) * ofB);
            Unsafe.Add(ref sum, i) = left + (Unsafe.Add(ref c, i) * ofC);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour<T>(ref T a, T ofA, ref T b, T ofB, ref T c, T ofC, ref T d, T ofD, ref T sum, nuint count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint i = 0;
        for (; i + (nuint)Vector512<T>.Count <= count; i += (nuint)Vector512<T>.Count)
        {
            Prefetch.Ahead(ref a, i);
            Prefetch.Ahead(ref b, i);
            Prefetch.Ahead(ref c, i);
            Prefetch.Ahead(ref d, i);
            Vector512<T> left = (Vector512.LoadUnsafe(ref a, i) * ofA) + (Vector512.LoadUnsafe(ref b, i) * ofB);
            Vector512<T> right = (Vector512.LoadUnsafe(ref c, i) * ofC) + (Vector512.LoadUnsafe(ref d, i) * ofD);
            (left + right).StoreUnsafe(ref sum, i);
        }

        for (; i < count; i++)
        {
            T left = (Unsafe.Add(ref a, i) * ofA) + (Unsafe.Add(ref b, i) * ofB);
            Unsafe.Add(ref sum, i) = left + ((Unsafe.Add(ref c, i) * ofC) + (Unsafe.Add(ref d, i) * ofD));
        }
    }

    private static class Buffer<T>
    {
        [ThreadStatic]
        public static T[]? OfThread;
    }

    /// <summary>The gradients of some elements that are added.</summary>
    /// <param name="parameters">The set.</param>
    /// <param name="block">The block that they are in.</param>
    /// <param name="start">The position of the first in the block.</param>
    /// <param name="decoded">Room for four tiles of those in bfloat16.</param>
    private readonly ref struct Terms<T>(ParameterSet<T> parameters, ParameterBlock<T> block, int start, Span<T> decoded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Span<T> decoded = decoded;

        public T Weight(int term) => T.CreateTruncating(term == 0 ? parameters.GradientWeight : parameters.GradientAddends[term - 1].Weight);

        /// <summary>One of them: itself, or decoded into a tile.</summary>
        public ref T Read(int term, int tile, int count)
        {
            if (term > 0)
            {
                GradientAddend<T> addend = parameters.GradientAddends[term - 1];
                return ref addend.Storage == Storage.Native
                    ? ref addend.Elements(block.Index, start, count)[0]
                    : ref Decode(addend.Codes(block.Index, start, count), tile);
            }

            return ref block.HasBFloat16Gradients
                ? ref Decode(MemoryMarshal.CreateReadOnlySpan(ref block.BFloat16Gradients.At(start), count), tile)
                : ref block.GradientElements.At(start);
        }

        // Only a set in single precision has bfloat16.
        private ref T Decode(ReadOnlySpan<BFloat16> codes, int tile)
        {
            Span<T> values = decoded.Slice(tile * StepTile<T>.Length, codes.Length);
            StorageCoder.Selected.DecodeBFloat16(MemoryMarshal.Cast<BFloat16, ushort>(codes), MemoryMarshal.Cast<T, float>(values));
            return ref MemoryMarshal.GetReference(values);
        }
    }
}
