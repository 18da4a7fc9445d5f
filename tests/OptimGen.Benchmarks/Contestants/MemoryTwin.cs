using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptimGen.Benchmarks.Rules;
using OptimGen.CompilerServices;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The memory's twin: loads and stores what the rule's kernel loads and stores, and computes nothing. It changes no value.</summary>
internal sealed unsafe class MemoryTwin : IContestant
{
    private readonly Arena arena;
    private readonly int threads;
    // As OptimGen does, from 64 MiB on.
    private readonly bool fetchesAhead;
    private readonly TwinLoop loop;
    private readonly Action<int> part;

    public MemoryTwin(Arena arena, Setting setting)
    {
        this.arena = arena;
        threads = setting.Threads;
        fetchesAhead = (long)arena.Length * sizeof(float) * (2 + arena.StateCount) >= 64 << 20;
        loop = setting.InstructionSet switch
        {
            InstructionSet.Avx512 => Loop<Lanes512>(arena),
            InstructionSet.Avx2 => Loop<Lanes256>(arena),
            _ => Loop<Lanes128>(arena),
        };
        part = index =>
        {
            int start = Boundary(index);
            loop(arena, start, Boundary(index + 1) - start, 0, fetchesAhead);
        };
    }

    public string Name => "memory";

    public void Step()
    {
        if (threads == 1)
        {
            part(0);
        }
        else
        {
            Parallel.For(0, threads, part);
        }
    }

    // Whole cache lines, and for the last thread what remains.
    private int Boundary(int index) => index == threads ? arena.Length : (int)((long)arena.Length * index / threads / 16 * 16);

    private delegate void TwinLoop(Arena arena, int start, int length, int zero, bool fetchesAhead);

    private static TwinLoop Loop<TLanes>(Arena arena)
        where TLanes : struct, ITwinLanes => arena.StateCount == 1 ? TwinLoops.OneState<TLanes> : TwinLoops.TwoStates<TLanes>;
}

/// <summary>A vector as far as the twin needs one: what it stores depends on every stream that it loads, or nothing would be loaded.</summary>
internal interface ITwinLanes
{
    static abstract int Count { get; }

    /// <summary>Stores back to <paramref name="stream"/> what it holds. The compiler does not know that <paramref name="zero"/> is none.</summary>
    static abstract unsafe void Store(float* stream, float* other, int zero);

    static abstract unsafe void Store(float* stream);
}

internal static unsafe class TwinLoops
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneState<TLanes>(Arena arena, int start, int length, int zero, bool fetchesAhead)
        where TLanes : struct, ITwinLanes
    {
        float* p = arena.Parameter + start, g = arena.Gradient + start, a = arena.First + start, end = p + (length - (length % TLanes.Count));
        for (; p < end; p += TLanes.Count, g += TLanes.Count, a += TLanes.Count)
        {
            if (fetchesAhead)
            {
                Prefetch.Ahead(ref *p, 0);
                Prefetch.Ahead(ref *g, 0);
                Prefetch.Ahead(ref *a, 0);
            }

            TLanes.Store(p, g, zero);
            TLanes.Store(a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoStates<TLanes>(Arena arena, int start, int length, int zero, bool fetchesAhead)
        where TLanes : struct, ITwinLanes
    {
        float* p = arena.Parameter + start, g = arena.Gradient + start, a = arena.First + start, b = arena.Second + start;
        float* end = p + (length - (length % TLanes.Count));
        for (; p < end; p += TLanes.Count, g += TLanes.Count, a += TLanes.Count, b += TLanes.Count)
        {
            if (fetchesAhead)
            {
                Prefetch.Ahead(ref *p, 0);
                Prefetch.Ahead(ref *g, 0);
                Prefetch.Ahead(ref *a, 0);
                Prefetch.Ahead(ref *b, 0);
            }

            TLanes.Store(p, g, zero);
            TLanes.Store(a);
            TLanes.Store(b);
        }
    }
}

internal readonly struct Lanes512 : ITwinLanes
{
    public static int Count => Vector512<float>.Count;

    public static unsafe void Store(float* stream, float* other, int zero) =>
        (Vector512.Load(stream).AsInt32() ^ (Vector512.Load(other).AsInt32() & Vector512.Create(zero))).AsSingle().Store(stream);

    public static unsafe void Store(float* stream) => Vector512.Load(stream).Store(stream);
}

internal readonly struct Lanes256 : ITwinLanes
{
    public static int Count => Vector256<float>.Count;

    public static unsafe void Store(float* stream, float* other, int zero) =>
        (Vector256.Load(stream).AsInt32() ^ (Vector256.Load(other).AsInt32() & Vector256.Create(zero))).AsSingle().Store(stream);

    public static unsafe void Store(float* stream) => Vector256.Load(stream).Store(stream);
}

internal readonly struct Lanes128 : ITwinLanes
{
    public static int Count => Vector128<float>.Count;

    public static unsafe void Store(float* stream, float* other, int zero) =>
        (Vector128.Load(stream).AsInt32() ^ (Vector128.Load(other).AsInt32() & Vector128.Create(zero))).AsSingle().Store(stream);

    public static unsafe void Store(float* stream) => Vector128.Load(stream).Store(stream);
}
