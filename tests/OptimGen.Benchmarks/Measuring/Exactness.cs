using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Measuring;

/// <summary>
/// Whether a build in C divides and takes roots exactly in a rule, found by its results: flags do not say it, since compilers differ in what they
/// estimate for which processor. A build that estimates is no equal of a kernel that does not, so it is marked.
/// </summary>
internal static unsafe class Exactness
{
    // Every path of the loop: unrolled vectors, vectors, and a tail.
    private const int Length = 4099;

    private static readonly ConcurrentDictionary<(CPeer Peer, CLibrary Library, Rule Rule), bool> Known = [];

    /// <summary>
    /// Scalars with which each rule rounds nothing but a root and a quotient (momentum: a sum), in whatever order a compiler adds and multiplies:
    /// θ = 0 becomes −g/√v. Adagrad's g² is less than half an ulp of its sum.
    /// </summary>
    private static readonly StepScalars Trivial = new() { LearningRate = 1, OneMinusBeta1 = 1, Beta2 = 1, Momentum = 1, StepSize = 1, RootScale = 1 };

    /// <summary>Whether a step with the build gives the bits of correctly rounded operations.</summary>
    public static bool IsExact(CPeer peer, CLibrary library, Rule rule) => Known.GetOrAdd((peer, library, rule), _ => Compare(peer, library, rule));

    private static bool Compare(CPeer peer, CLibrary library, Rule rule)
    {
        Arena expected = Inputs(rule), actual = Inputs(rule);
        StepScalars scalars = Trivial;
        rule.Scalar(expected.Values, expected.Gradients, expected.State(0), expected.State(expected.StateCount - 1), scalars);
        ((delegate* unmanaged<float*, float*, float*, float*, CLong, StepScalars*, void>)library.Find(rule.Function + peer.Suffix))(
            actual.Parameter, actual.Gradient, actual.First, actual.Second, new CLong(actual.Length), &scalars);
        return MemoryMarshal.Cast<float, int>(expected.Values).SequenceEqual(MemoryMarshal.Cast<float, int>(actual.Values));
    }

    private static Arena Inputs(Rule rule)
    {
        var arena = new Arena(rule, Length);
        var random = new Random(1);
        for (int i = 0; i < Length; i++)
        {
            arena.Values[i] = 0;
            arena.Gradients[i] = (1 + random.NextSingle()) * (random.Next(2) == 0 ? 1e-4f : -1e-4f);
            for (int state = 0; state < arena.StateCount; state++)
            {
                arena.State(state)[i] = 1 + (3 * random.NextSingle());
            }
        }

        return arena;
    }
}
