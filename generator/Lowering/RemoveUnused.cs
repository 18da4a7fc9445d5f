using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>Leaves out assignments whose value nothing reads before the name gets another one, and those of a name to itself.</summary>
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
            if (assignment.Value is Local { Name: var same } && same == assignment.Name)
            {
                continue;
            }

            if (live.Remove(assignment.Name))
            {
                live.UnionWith(assignment.Value.Nodes.OfType<Local>().Select(local => local.Name));
                kept.Add(assignment);
            }
        }

        kept.Reverse();
        return kept.ToEquatableArray();
    }
}
