using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>Leaves out assignments that change nothing, or whose value nothing reads before the name gets another one.</summary>
internal static class RemoveUnused
{
    /// <param name="body">The assignments, in order.</param>
    /// <param name="stored">The names whose last value is stored.</param>
    public static EquatableArray<Assignment> Apply(EquatableArray<Assignment> body, IEnumerable<string> stored)
    {
        HashSet<string> live = [.. stored];
        var kept = new List<Assignment>();
        foreach (Assignment assignment in body.Reverse())
        {
            // A name that is given its own value keeps it: the side of an if that leaves a stream alone.
            bool changes = assignment.Value is not Local local || local.Name != assignment.Name;
            if (changes && live.Remove(assignment.Name))
            {
                live.UnionWith(assignment.Value.Nodes.OfType<Local>().Select(one => one.Name));
                kept.Add(assignment);
            }
        }

        kept.Reverse();
        return kept.ToEquatableArray();
    }
}
