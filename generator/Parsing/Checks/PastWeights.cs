using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Checks;

/// <summary>The weights β of exponentially weighted averages: m ← β·m + (1 − β)·g, or m ← m + (1 − β)·(g − m).</summary>
internal static class PastWeights
{
    /// <summary>The name of the state that takes in something times 1 − β, and so nothing while β is 1; <see langword="null"/> if there is none.</summary>
    public static string? StateThatStays(RuleSpec rule, int weight)
    {
        HashSet<int> complements = [];
        foreach (Assignment assignment in rule.Stages.Concat(rule.Body))
        {
            if (IsComplement(assignment.Value, weight, complements))
            {
                complements.Add(assignment.Variable);
            }
            else if (rule.States.FirstOrDefault(state => state.Variable == assignment.Variable) is { } state && HasWeighted(assignment.Value, weight, complements))
            {
                return state.Name;
            }
        }

        return null;
    }

    private static bool HasWeighted(Expression value, int weight, HashSet<int> complements) =>
        (value is Operation { Operator: Operator.Multiply or Operator.FusedMultiplyAdd } product
            && (IsComplement(product.Operands[0], weight, complements) || IsComplement(product.Operands[1], weight, complements)))
        || value.Operands.Any(operand => HasWeighted(operand, weight, complements));

    private static bool IsComplement(Expression value, int weight, HashSet<int> complements) =>
        value is Operation { Operator: Operator.Subtract, Operands: [Literal { Value: 1 }, Variable { Id: var id }] } ? id == weight
        : value is Variable named && complements.Contains(named.Id);
}
