using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Checks;

/// <summary>
/// Which of a rule's values reach the parameter, at the step that reads them or, through states, at a later one. A user's scalar method counts as if each of its
/// results depended on each of its arguments.
/// </summary>
internal sealed class Influence
{
    private readonly RuleSpec rule;

    /// <summary>Of each variable that the kernel has given a value so far: what that value is made of, all of it known before the kernel.</summary>
    private readonly Dictionary<int, HashSet<int>> computed = [];

    /// <summary>The same for values that are known before the kernel; scalar states by <see cref="NodeOf"/>.</summary>
    private readonly Dictionary<int, HashSet<int>> scalars = [];

    /// <summary>The variables that are copies of a variable from before the kernel.</summary>
    private readonly Dictionary<int, int> copies = [];

    private readonly HashSet<int> reaching = [];

    private Influence(RuleSpec rule) => this.rule = rule;

    /// <summary>Whether the parameter is stored as it was loaded.</summary>
    public bool LeavesParameter { get; private set; }

    public static Influence Of(RuleSpec rule)
    {
        var influence = new Influence(rule);
        influence.Trace();
        return influence;
    }

    /// <summary>Whether the value of a stream before the step, or of a scalar, reaches the parameter.</summary>
    public bool Reaches(int variable) => reaching.Contains(variable);

    public bool Reaches(ScalarStateSpec state) => reaching.Contains(NodeOf(PositionOf(state), state.PerTensor));

    /// <summary>Whether what stages compute for the method's parameter of that name reaches the parameter; true if there are none.</summary>
    public bool ReachesFromStages(string name)
    {
        Assignment? value = rule.Stages.LastOrDefault(one => one.Comment?.StartsWith(name + " = ", StringComparison.Ordinal) == true);
        return value is null || computed[value.Variable].Any(part => rule.States.Any(state => state.Variable == part) && Reaches(part));
    }

    private void Trace()
    {
        foreach (ScalarSpec scalar in rule.Scalars)
        {
            scalars[scalar.Variable] = [.. Leaves(scalar.Value)];
        }

        foreach (ScalarMethodSpec method in rule.ScalarMethods)
        {
            TraceMethod(method);
        }

        foreach (Assignment assignment in rule.Stages)
        {
            Assign(assignment);
        }

        foreach (ReductionSpec reduction in rule.Reductions)
        {
            foreach (StateView view in reduction.Views)
            {
                computed[view.Variable] = [view.State];
            }

            foreach (Assignment assignment in reduction.Body)
            {
                Assign(assignment);
            }

            Assign(reduction.Result);
            scalars[reduction.Variable] = computed[reduction.Result.Variable];
        }

        foreach (Assignment assignment in rule.Body)
        {
            Assign(assignment);
        }

        LeavesParameter = !computed.ContainsKey(Variables.Parameter) || (copies.TryGetValue(Variables.Parameter, out int source) && source == Variables.Parameter);
        Spread();
    }

    private void TraceMethod(ScalarMethodSpec method)
    {
        IEnumerable<int> inputs = method.Arguments
            .Where(argument => argument.Kind != ArgumentKind.Out)
            .Select(argument => argument.Kind == ArgumentKind.State ? NodeOf(argument.Variable, method.PerTensor) : argument.Variable);
        HashSet<int> all = [.. inputs];
        foreach (ArgumentSpec argument in method.Arguments.Where(argument => argument.Kind != ArgumentKind.Scalar))
        {
            int node = argument.Kind == ArgumentKind.State ? NodeOf(argument.Variable, method.PerTensor) : argument.Variable;
            if (!scalars.TryGetValue(node, out HashSet<int>? known))
            {
                scalars[node] = known = [];
            }

            known.UnionWith(all);
        }
    }

    private void Assign(Assignment assignment)
    {
        HashSet<int> made = [];
        foreach (int leaf in Leaves(assignment.Value))
        {
            if (computed.TryGetValue(leaf, out HashSet<int>? parts))
            {
                made.UnionWith(parts);
            }
            else
            {
                made.Add(leaf);
            }
        }

        int? source = SourceOf(assignment.Value);
        computed[assignment.Variable] = made;
        copies.Remove(assignment.Variable);
        if (source is { } copied)
        {
            copies[assignment.Variable] = copied;
        }
    }

    /// <summary>The variable from before the kernel whose value an expression has, whatever the others are.</summary>
    private int? SourceOf(Expression value) => value switch
    {
        Variable { Id: var id } => copies.TryGetValue(id, out int source) ? source : computed.ContainsKey(id) ? null : id,
        Operation { Operator: Operator.Select } select => SourceOf(select.Operands[1]) is { } one && SourceOf(select.Operands[2]) == one ? one : null,
        _ => null,
    };

    /// <summary>From the parameter back to all that it is made of; a state leads on to what the step stores in it.</summary>
    private void Spread()
    {
        HashSet<int> kept = [Variables.Parameter, .. rule.States.Select(state => state.Variable)];
        var open = new Stack<int>([Variables.Parameter]);
        while (open.Count > 0)
        {
            int variable = open.Pop();
            HashSet<int>? parts = kept.Contains(variable) && computed.TryGetValue(variable, out HashSet<int>? stored) ? stored
                : scalars.TryGetValue(variable, out HashSet<int>? known) ? known
                : null;
            foreach (int part in parts ?? [])
            {
                if (reaching.Add(part))
                {
                    open.Push(part);
                }
            }
        }
    }

    private int PositionOf(ScalarStateSpec state) => rule.ScalarStates.Where(one => one.PerTensor == state.PerTensor).ToList().IndexOf(state);

    /// <summary>A number for a scalar state, which has no variable.</summary>
    private static int NodeOf(int position, bool perTensor) => -1 - (2 * position) - (perTensor ? 1 : 0);

    private static IEnumerable<int> Leaves(Expression expression) =>
        expression is Variable variable ? [variable.Id] : expression.Operands.SelectMany(Leaves);
}
