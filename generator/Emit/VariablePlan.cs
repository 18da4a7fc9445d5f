using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Which values of a scope stand in a variable of their own: those that have a name or are used more than once. Others are printed where they are used.
/// </summary>
internal sealed class VariablePlan
{
    /// <summary>Deeper expressions are hard to read, and to compile.</summary>
    private const int DeepestExpression = 8;

    private readonly HashSet<int> variables = [];
    private readonly Dictionary<int, int> lastUses = [];

    /// <param name="values">The program's values.</param>
    /// <param name="computed">What the scope computes, each after its operands.</param>
    /// <param name="roots">What something beside these values uses, once for each use, with the position of the use among them.</param>
    /// <param name="standsAlone">Whether a value that is used only once has a variable.</param>
    public VariablePlan(
        IReadOnlyList<Value> values, IReadOnlyList<int> computed, IReadOnlyCollection<(int Value, int Position)> roots, Func<Value, bool> standsAlone)
    {
        var uses = new Dictionary<int, int>();
        void Use(int value) => uses[value] = uses.TryGetValue(value, out int count) ? count + 1 : 1;
        foreach (int value in computed)
        {
            foreach (int operand in values[value].Operands.Distinct())
            {
                Use(operand);
                if (values[value] is { Kind: ValueKind.Operation, Operator: Operator.Sign })
                {
                    // Its text has the operand several times.
                    Use(operand);
                }
            }
        }

        foreach ((int root, _) in roots)
        {
            Use(root);
        }

        var depths = new Dictionary<int, int>();
        foreach (int id in computed)
        {
            int depth = 1 + values[id].Operands.Select(operand => depths.TryGetValue(operand, out int below) ? below : 0).DefaultIfEmpty().Max();
            bool isVariable = (uses.TryGetValue(id, out int count) && count > 1) || depth > DeepestExpression || standsAlone(values[id]);
            if (isVariable)
            {
                variables.Add(id);
            }

            depths[id] = isVariable ? 0 : depth;
        }

        FindLastUses(values, computed, roots);
    }

    public bool HasVariable(int value) => variables.Contains(value);

    /// <summary>The position of the statement that reads the value last; −1 if none does.</summary>
    public int LastUse(int value) => lastUses.TryGetValue(value, out int position) ? position : -1;

    /// <summary>A value without a variable is read by the statement that it is printed in.</summary>
    private void FindLastUses(IReadOnlyList<Value> values, IReadOnlyList<int> computed, IReadOnlyCollection<(int Value, int Position)> roots)
    {
        foreach ((int value, int position) in roots)
        {
            lastUses[value] = Math.Max(LastUse(value), position);
        }

        for (int position = computed.Count - 1; position >= 0; position--)
        {
            int id = computed[position];
            int home = variables.Contains(id) ? position : Math.Max(position, LastUse(id));
            foreach (int operand in values[id].Operands)
            {
                lastUses[operand] = Math.Max(LastUse(operand), home);
            }
        }
    }
}
