using System.Numerics;

namespace OptimGen;

/// <summary>The pieces that a step under <see cref="NonFiniteGradientPolicy.StepFinitePieces"/> has not updated.</summary>
internal sealed class SkippedPieces<T>(ParameterSet<T> parameters, ParameterRun<T>[] runs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(int Run, int Start, int Length)> pieces = [];

    public void Clear() => pieces.Clear();

    /// <summary>Records a piece. Thread-safe.</summary>
    public void Add(int run, int start, int length)
    {
        lock (pieces)
        {
            pieces.Add((run, start, length));
        }
    }

    /// <summary>Throws if a piece was skipped, with the ranges of elements that were, by parameter.</summary>
    /// <param name="found">The first element that is not finite, where other ranks have a part of the gradients; otherwise it is searched for.</param>
    /// <exception cref="NonFiniteGradientException">A piece was skipped.</exception>
    public void ThrowIfAny(NonFiniteGradient? found = null)
    {
        if (pieces.Count == 0)
        {
            return;
        }

        pieces.Sort();
        var ranges = new List<SkippedRange>();
        NonFiniteGradient? first = found;
        foreach (Parameter<T> parameter in parameters)
        {
            foreach ((int run, int start, int length) in pieces)
            {
                int begin = Math.Max(runs[run].Offset + start, parameter.Offset);
                int end = Math.Min(runs[run].Offset + start + length, parameter.Offset + parameter.Length);
                if (runs[run].Block == parameter.Block.Index && begin < end)
                {
                    ranges.Add(new SkippedRange(parameter.Name, begin - parameter.Offset, end - begin));
                    first ??= FirstIn(parameter, begin - parameter.Offset, end - begin);
                }
            }
        }

        throw new NonFiniteGradientException(first!, ranges.AsReadOnly());
    }

    private static NonFiniteGradient? FirstIn(Parameter<T> parameter, int start, int length)
    {
        int element = FiniteCheck.IndexOfNonFinite(parameter.ReadGradients(start, length));
        return element < 0 ? null : NonFiniteGradient.At(parameter, start + element);
    }
}
