using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// The values of one parameter in bfloat16, with what an optimizer keeps beside them. The definitions for one element are those of
/// <see cref="StorageCodec"/> and of <see cref="BFloat16Update"/>.
/// </summary>
internal abstract class BFloat16Parameter(ElementMemory<BFloat16> values) : IElementCodes
{
    /// <summary>The position of the parameter among the streams that are rounded: before the states.</summary>
    public const int Stream = -1;

    /// <summary>Whether anything is kept beside the values.</summary>
    public bool KeepsMore => BytesOf(1) > 0;

    /// <summary>The number of bytes that are kept beside the values.</summary>
    public virtual long ByteCount => 0;

    /// <summary>Whether a step draws random bits.</summary>
    public virtual bool IsStochastic => false;

    /// <summary>Makes what is kept beside the values of a parameter, or of a part of it. Positions are those in the parameter.</summary>
    /// <param name="update">How the values are written.</param>
    /// <param name="values">All values.</param>
    /// <param name="start">The position of the first element that a step here updates.</param>
    /// <param name="length">The number of such elements.</param>
    public static BFloat16Parameter Create(BFloat16Update update, ElementMemory<BFloat16> values, int start, int length) => update switch
    {
        BFloat16Update.Stochastic => new RoundedParameter(values, isStochastic: true),
        BFloat16Update.Nearest => new RoundedParameter(values, isStochastic: false),
        BFloat16Update.Kahan => new KahanParameter(values, start, length),
        BFloat16Update.Split => new SplitParameter(values, start, length),
        _ => new MasterParameter(values, start, length),
    };

    /// <summary>Decodes elements from <paramref name="start"/> on, what is kept beside them included.</summary>
    public abstract void Decode(StorageCoder coder, int start, Span<float> numbers);

    /// <summary>Encodes elements from <paramref name="start"/> on, a multiple of <see cref="StorageCoder.RangeAlignment"/>.</summary>
    public abstract void Encode(StorageCoder coder, int start, ReadOnlySpan<float> numbers, StochasticRounding? rounding);

    /// <summary>Prefetches elements.</summary>
    public virtual void Prefetch(int start, int count) => CompilerServices.Prefetch.Range(ref values.At(start), count);

    /// <summary>Writes what is kept beside the values.</summary>
    public virtual void Save(CheckpointWriter writer, string name, int[] shape)
    {
    }

    /// <summary>Reads what <see cref="Save"/> has written, and changes nothing until the returned action is called.</summary>
    public virtual Action Load(CheckpointReader reader, string name, int[] shape) => () => { };

    /// <inheritdoc/>
    public virtual int BytesOf(int count) => 0;

    /// <inheritdoc/>
    public virtual void CopyTo(Span<byte> bytes, int start, int count)
    {
    }

    /// <inheritdoc/>
    public virtual void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count)
    {
    }

    protected Span<ushort> CodesOf(int start, int length) =>
        MemoryMarshal.Cast<BFloat16, ushort>(MemoryMarshal.CreateSpan(ref values.At(start), length));

    private sealed class RoundedParameter(ElementMemory<BFloat16> values, bool isStochastic) : BFloat16Parameter(values)
    {
        public override bool IsStochastic => isStochastic;

        public override void Decode(StorageCoder coder, int start, Span<float> numbers) => coder.DecodeBFloat16(CodesOf(start, numbers.Length), numbers);

        public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> numbers, StochasticRounding? rounding) =>
            coder.EncodeBFloat16(numbers, rounding, start, CodesOf(start, numbers.Length));
    }

    /// <summary>Keeps something beside each value.</summary>
    private abstract class ParameterWith<TKept>(ElementMemory<BFloat16> values, int start, int length) : BFloat16Parameter(values)
        where TKept : unmanaged
    {
        private readonly CodeMemory<TKept> kept = new(start, length);

        public override long ByteCount => (long)kept.Memory.Length * Unsafe.SizeOf<TKept>();

        public override void Prefetch(int start, int count)
        {
            base.Prefetch(start, count);
            CompilerServices.Prefetch.Range(ref KeptOf(start, count)[0], count);
        }

        public override void Save(CheckpointWriter writer, string name, int[] shape) => writer.Write<TKept>(name, kept.Memory, shape);

        public override Action Load(CheckpointReader reader, string name, int[] shape)
        {
            TKept[] saved = reader.ReadArray<TKept>(name, shape);
            return () => saved.CopyTo(kept.Memory);
        }

        public override int BytesOf(int count) => count * Unsafe.SizeOf<TKept>();

        public override void CopyTo(Span<byte> bytes, int start, int count) => MemoryMarshal.AsBytes(KeptOf(start, count)).CopyTo(bytes);

        public override void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count) => bytes.CopyTo(MemoryMarshal.AsBytes(KeptOf(start, count)));

        protected Span<TKept> KeptOf(int start, int length) => kept.Slice(start, length);
    }

    /// <summary>θ + c, where c is the bfloat16 nearest to what was rounded away.</summary>
    private sealed class KahanParameter(ElementMemory<BFloat16> values, int start, int length) : ParameterWith<BFloat16>(values, start, length)
    {
        /// <summary>
        /// 2⁻⁸: half a unit in the last place of a bfloat16 is at most that share of it. A remainder that is larger belongs to a value that has been
        /// replaced since, and is left out.
        /// </summary>
        private const float HalfUnit = 1f / 256;

        public override void Decode(StorageCoder coder, int start, Span<float> numbers)
        {
            Span<float> kept = stackalloc float[StepTile<float>.Length];
            for (int i = 0; i < numbers.Length; i += kept.Length)
            {
                Span<float> part = numbers.Slice(i, Math.Min(kept.Length, numbers.Length - i)), remainder = kept[..part.Length];
                coder.DecodeBFloat16(CodesOf(start + i, part.Length), part);
                coder.DecodeBFloat16(RemaindersOf(start + i, part.Length), remainder);
                Add(remainder, part);
            }
        }

        public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> numbers, StochasticRounding? rounding)
        {
            Span<float> kept = stackalloc float[StepTile<float>.Length];
            for (int i = 0; i < numbers.Length; i += kept.Length)
            {
                ReadOnlySpan<float> part = numbers.Slice(i, Math.Min(kept.Length, numbers.Length - i));
                Span<float> remainder = kept[..part.Length];
                coder.EncodeBFloat16(part, rounding: null, start + i, CodesOf(start + i, part.Length));
                coder.DecodeBFloat16(CodesOf(start + i, part.Length), remainder);
                Subtract(part, remainder);
                coder.EncodeBFloat16(remainder, rounding: null, start + i, RemaindersOf(start + i, part.Length));
            }
        }

        private Span<ushort> RemaindersOf(int start, int length) => MemoryMarshal.Cast<BFloat16, ushort>(KeptOf(start, length));

        /// <summary>θ ← θ + c where |c| ≤ 2⁻⁸|θ|, and finite.</summary>
        private static void Add(ReadOnlySpan<float> remainders, Span<float> numbers)
        {
            ReadOnlySpan<Vector<float>> remainderVectors = MemoryMarshal.Cast<float, Vector<float>>(remainders);
            Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(numbers);
            for (int i = 0; i < vectors.Length; i++)
            {
                Vector<float> number = vectors[i], remainder = remainderVectors[i];
                Vector<int> belongs = Vector.LessThanOrEqual(Vector.Abs(remainder), Vector.Min(Vector.Abs(number) * HalfUnit, new Vector<float>(float.MaxValue)));
                vectors[i] = Vector.ConditionalSelect(belongs, number + remainder, number);
            }

            for (int i = vectors.Length * Vector<float>.Count; i < numbers.Length; i++)
            {
                if (MathF.Abs(remainders[i]) <= MathF.Min(MathF.Abs(numbers[i]) * HalfUnit, float.MaxValue))
                {
                    numbers[i] += remainders[i];
                }
            }
        }

        /// <summary>rounded ← x − rounded.</summary>
        private static void Subtract(ReadOnlySpan<float> numbers, Span<float> rounded)
        {
            ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(numbers);
            Span<Vector<float>> roundedVectors = MemoryMarshal.Cast<float, Vector<float>>(rounded);
            for (int i = 0; i < vectors.Length; i++)
            {
                roundedVectors[i] = vectors[i] - roundedVectors[i];
            }

            for (int i = vectors.Length * Vector<float>.Count; i < numbers.Length; i++)
            {
                rounded[i] = numbers[i] - rounded[i];
            }
        }
    }

    /// <summary>The two halves of a float.</summary>
    private sealed class SplitParameter(ElementMemory<BFloat16> values, int start, int length) : ParameterWith<ushort>(values, start, length)
    {
        public override void Decode(StorageCoder coder, int start, Span<float> numbers)
        {
            Span<uint> bits = MemoryMarshal.Cast<float, uint>(numbers);
            ReadOnlySpan<ushort> upperHalves = CodesOf(start, bits.Length), lowerHalves = KeptOf(start, bits.Length);
            ReadOnlySpan<Vector<ushort>> upperVectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(upperHalves);
            ReadOnlySpan<Vector<ushort>> lowerVectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(lowerHalves);
            Span<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(bits);
            for (int i = 0; i < upperVectors.Length; i++)
            {
                Vector.Widen(upperVectors[i], out Vector<uint> firstUpper, out Vector<uint> lastUpper);
                Vector.Widen(lowerVectors[i], out Vector<uint> firstLower, out Vector<uint> lastLower);
                vectors[2 * i] = Vector.ShiftLeft(firstUpper, 16) | firstLower;
                vectors[(2 * i) + 1] = Vector.ShiftLeft(lastUpper, 16) | lastLower;
            }

            for (int i = upperVectors.Length * Vector<ushort>.Count; i < bits.Length; i++)
            {
                bits[i] = ((uint)upperHalves[i] << 16) | lowerHalves[i];
            }
        }

        public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> numbers, StochasticRounding? rounding)
        {
            ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(numbers);
            Span<ushort> upperHalves = CodesOf(start, bits.Length), lowerHalves = KeptOf(start, bits.Length);
            Span<Vector<ushort>> upperVectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(upperHalves);
            Span<Vector<ushort>> lowerVectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(lowerHalves);
            ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(bits);
            for (int i = 0; i < upperVectors.Length; i++)
            {
                Vector<uint> first = vectors[2 * i], last = vectors[(2 * i) + 1];
                upperVectors[i] = Vector.Narrow(Vector.ShiftRightLogical(first, 16), Vector.ShiftRightLogical(last, 16));
                lowerVectors[i] = Vector.Narrow(first, last);
            }

            for (int i = upperVectors.Length * Vector<ushort>.Count; i < bits.Length; i++)
            {
                (upperHalves[i], lowerHalves[i]) = ((ushort)(bits[i] >> 16), (ushort)bits[i]);
            }
        }
    }

    /// <summary>A number in single precision, and the bfloat16 nearest to it.</summary>
    private sealed class MasterParameter(ElementMemory<BFloat16> values, int start, int length) : ParameterWith<float>(values, start, length)
    {
        public override void Decode(StorageCoder coder, int start, Span<float> numbers)
        {
            Span<ushort> buffer = stackalloc ushort[StepTile<float>.Length];
            for (int i = 0; i < numbers.Length; i += buffer.Length)
            {
                Span<float> part = numbers.Slice(i, Math.Min(buffer.Length, numbers.Length - i));
                Span<ushort> expected = buffer[..part.Length], codes = CodesOf(start + i, part.Length);
                KeptOf(start + i, part.Length).CopyTo(part);
                coder.EncodeBFloat16(part, rounding: null, start + i, expected);
                for (int same = expected.CommonPrefixLength(codes); same < part.Length; same++)
                {
                    // Set since the last step.
                    if (expected[same] != codes[same])
                    {
                        part[same] = StorageCodec.DecodeBFloat16(codes[same]);
                    }
                }
            }
        }

        public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> numbers, StochasticRounding? rounding)
        {
            numbers.CopyTo(KeptOf(start, numbers.Length));
            coder.EncodeBFloat16(numbers, rounding: null, start, CodesOf(start, numbers.Length));
        }
    }
}
