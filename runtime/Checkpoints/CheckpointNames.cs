using System.Numerics;

namespace OptimGen;

/// <summary>
/// The names of tensors in a checkpoint: a parameter's own name, and behind it what is kept for it, as in <c>layer1.weight.firstMoment</c>. Parameters have
/// the first right to a name. Where another entry would get a name that is taken, as when one parameter is called <c>w</c> and another
/// <c>w.firstMoment</c>, apostrophes are added to it. The names depend on the set and the rule alone, so those of a load are those of the save.
/// </summary>
internal sealed class CheckpointNames<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HashSet<string> taken;

    public CheckpointNames(ParameterSet<T> parameters) => taken = [.. parameters.Select(parameter => parameter.Name)];

    /// <summary>The name of what is kept for a parameter, a group, or the run.</summary>
    public string Take(string owner, string entry)
    {
        string name = $"{owner}.{entry}";
        while (!taken.Add(name))
        {
            name += "'";
        }

        return name;
    }
}
