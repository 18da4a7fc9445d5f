using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen.Neon.Tests;

/// <summary>The runtime's own 128-bit operations of the storage formats, in leaves that the loader can call. Each goes over whole groups of 32 elements.</summary>
internal static class Codec
{
    /// <summary>Named as the kernels are, so that they are listed with them.</summary>
    internal static class NeonKernels
    {
        private const int Group = 32, HalfGroup = Group / 2;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void DecodeBFloat16(ref float values, ref ushort codes, nuint count)
        {
            for (nuint i = 0; i < count; i += (nuint)FourWords.Count)
            {
                FourWords.Store(FourWords.LoadUpperHalves(ref codes, i), ref values, i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void EncodeNearest(ref float values, ref ushort codes, nuint count)
        {
            for (nuint i = 0; i < count; i = Next(i))
            {
                FourWords.StoreUpperHalves(
                    BFloat16Words<FourWords, Vector128<uint>>.Nearest(FourWords.Load(ref values, i)),
                    BFloat16Words<FourWords, Vector128<uint>>.Nearest(FourWords.Load(ref values, i + HalfGroup)), ref codes, i);
            }
        }

        /// <summary>Numbers below the largest bfloat16.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void EncodeStochastic(ref float values, ref ushort codes, nuint count, in StochasticRounding rounding)
        {
            Vector128<uint> counter = RoundingHash<FourWords, Vector128<uint>>.FirstCounter(0, rounding), inner = FourWords.Create(rounding.Inner), multiplier = FourWords.Create(rounding.Multiplier);
            for (nuint i = 0; i < count; i = Next(i))
            {
                Vector128<uint> random = RoundingHash<FourWords, Vector128<uint>>.End(RoundingHash<FourWords, Vector128<uint>>.Begin(counter, inner), multiplier);
                FourWords.StoreUpperHalves(
                    FourWords.Add(FourWords.Load(ref values, i), FourWords.And(random, FourWords.Create(0xFFFF))),
                    FourWords.Add(FourWords.Load(ref values, i + HalfGroup), FourWords.ShiftRight(random, 16)), ref codes, i);
                counter = FourWords.Add(counter, FourWords.Create((uint)FourWords.Count));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void DecodeSigned(ref float values, ref byte codes, nuint count, in uint dropped)
        {
            Vector128<uint> scale = FourWords.Create(dropped);
            for (nuint i = 0; i < count; i += (nuint)FourWords.Count)
            {
                FourWords.Store(Block8Words<FourWords, Vector128<uint>>.DecodeSigned(FourWords.LoadSignedBytes(ref codes, i), scale), ref values, i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void DecodeUnsigned(ref float values, ref byte codes, nuint count, in uint dropped)
        {
            Vector128<uint> scale = FourWords.Create(dropped);
            for (nuint i = 0; i < count; i += (nuint)FourWords.Count)
            {
                FourWords.Store(Block8Words<FourWords, Vector128<uint>>.DecodeUnsigned(FourWords.LoadBytes(ref codes, i), scale), ref values, i);
            }
        }

        /// <summary>Numbers that have codes of their own: none between zero and the smallest.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void EncodeSigned(ref float values, ref byte codes, nuint count, in StochasticRounding rounding, in uint scale)
        {
            Vector128<uint> counter = RoundingHash<FourWords, Vector128<uint>>.FirstCounter(0, rounding), inner = FourWords.Create(rounding.Inner), multiplier = FourWords.Create(rounding.Multiplier);
            Vector128<uint> rest = Block8Words<FourWords, Vector128<uint>>.RestOf((ushort)scale);
            for (nuint i = 0; i < count; i = Next(i))
            {
                Vector128<uint> random = RoundingHash<FourWords, Vector128<uint>>.End(RoundingHash<FourWords, Vector128<uint>>.Begin(counter, inner), multiplier);
                Block8Words<FourWords, Vector128<uint>>.EncodeGroup<WithSign>(ref values, ref codes, i, random, rest);
                counter = FourWords.Add(counter, FourWords.Create((uint)FourWords.Count));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void EncodeUnsigned(ref float values, ref byte codes, nuint count, in StochasticRounding rounding, in uint scale)
        {
            Vector128<uint> counter = RoundingHash<FourWords, Vector128<uint>>.FirstCounter(0, rounding), inner = FourWords.Create(rounding.Inner), multiplier = FourWords.Create(rounding.Multiplier);
            Vector128<uint> rest = Block8Words<FourWords, Vector128<uint>>.RestOf((ushort)scale);
            for (nuint i = 0; i < count; i = Next(i))
            {
                Vector128<uint> random = RoundingHash<FourWords, Vector128<uint>>.End(RoundingHash<FourWords, Vector128<uint>>.Begin(counter, inner), multiplier);
                Block8Words<FourWords, Vector128<uint>>.EncodeGroup<WithoutSign>(ref values, ref codes, i, random, rest);
                counter = FourWords.Add(counter, FourWords.Create((uint)FourWords.Count));
            }
        }

        /// <summary>The largest magnitude of numbers, as bits.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Largest(ref float values, nuint count, ref uint result)
        {
            Vector128<uint> largest = FourWords.Create(0);
            for (nuint i = 0; i < count; i += (nuint)FourWords.Count)
            {
                largest = FourWords.Max(largest, FourWords.And(FourWords.Load(ref values, i), FourWords.Create(StorageCodec.Magnitude)));
            }

            result = FourWords.Largest(largest);
        }

        /// <summary>The elements i and i + 16 of a group go together.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static nuint Next(nuint i) => i + (nuint)FourWords.Count + ((i + (nuint)FourWords.Count) & HalfGroup);
    }
}
