namespace OptimGen.Generator.Loops;

/// <summary>
/// What the streams of a loop are to each other, by what each is computed from. A parameter descends, a gradient is only read, and a state goes on from its own
/// value; a loop with another kind of stream is no update rule.
/// </summary>
internal sealed class LoopRoles
{
    /// <summary>Names by which people call a step size, in lower case.</summary>
    private static readonly string[] StepSizes = ["lr", "learningrate", "eta", "η", "rate", "stepsize"];

    private readonly Dictionary<object, HashSet<object>> sources = [];
    private readonly HashSet<object> withFactor = [];
    private readonly List<(LoopStream Stream, bool HasFactor)> descents = [];

    /// <summary>Notes that something gets a value.</summary>
    /// <param name="target">A stream, a local, or what stands for the condition of a branch.</param>
    /// <param name="reads">What the value is computed from.</param>
    /// <param name="hasFactor">Whether it has a factor that is the same for every element.</param>
    public void Assigned(object target, IEnumerable<object> reads, bool hasFactor)
    {
        if (!sources.TryGetValue(target, out HashSet<object>? known))
        {
            sources.Add(target, known = []);
        }

        known.UnionWith(reads);
        if (hasFactor)
        {
            withFactor.Add(target);
        }
    }

    /// <summary>Notes that something is subtracted from a stream.</summary>
    public void Descends(LoopStream stream, bool hasFactor) => descents.Add((stream, hasFactor));

    /// <summary>The roles of the streams; <see langword="null"/> if they are not those of an update rule.</summary>
    public (LoopStream Parameter, LoopStream Gradient, IReadOnlyList<LoopStream> States)? Decide(IReadOnlyList<LoopStream> streams)
    {
        LoopStream[] read = [.. streams.Where(stream => !sources.ContainsKey(stream))];
        if (read is not [var gradient] || descents.Count == 0)
        {
            return null;
        }

        // The last one: an average may be written as a descent too, v −= (1 − β)(v − g²).
        (LoopStream parameter, bool hasFactor) = descents[descents.Count - 1];
        HashSet<object> ofParameter = Reached(parameter, through: null);
        LoopStream[] states = [.. streams.Where(stream => stream != gradient && stream != parameter)];
        bool isDescent = ofParameter.Contains(gradient) && (hasFactor || ofParameter.Any(withFactor.Contains));
        // Weight decay may bring the parameter into a state; but a state goes on from its own value, not from what it did to the parameter.
        bool areStates = states.All(state => ofParameter.Contains(state) && Reached(state, through: parameter) is var own && own.Contains(state) && own.Contains(gradient));
        return isDescent && areStates && (states.Length > 0 || IsNamedSo(parameter, gradient, ofParameter)) ? (parameter, gradient, states) : null;
    }

    /// <summary>
    /// Without a state the shape is that of any a·x + y, so names decide: of a gradient (grad, g, dw beside w), or of a step size.
    /// </summary>
    private static bool IsNamedSo(LoopStream parameter, LoopStream gradient, IEnumerable<object> read)
    {
        string name = Plain(gradient.Name);
        return name.Contains("grad") || name == "g" || name == "d" + Plain(parameter.Name)
            || read.OfType<LoopScalar>().Any(scalar => StepSizes.Contains(Plain(scalar.Name)));
    }

    private static string Plain(string name) => name.Replace("_", "").ToLowerInvariant();

    /// <summary>Everything that a value is computed from, by whatever way; but not what one stream is computed from in turn.</summary>
    private HashSet<object> Reached(object target, LoopStream? through)
    {
        var reached = new HashSet<object>();
        var open = new Stack<object>([target]);
        while (open.Count > 0)
        {
            if (sources.TryGetValue(open.Pop(), out HashSet<object>? from))
            {
                foreach (object one in from.Where(one => reached.Add(one) && one != (object?)through))
                {
                    open.Push(one);
                }
            }
        }

        return reached;
    }
}
