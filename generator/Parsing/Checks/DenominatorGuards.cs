using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Checks;

/// <summary>
/// The variables that a rule adds to a denominator, outside or inside of its root, or takes the maximum with: x/(√v + ε), x/√(v + ε), x/max(u, ε).
/// A sum guards what it is added to, so a look behind the sum is not taken: in x/(√(v + ε₁) + ε₂) only ε₂ counts.
/// </summary>
internal sealed class DenominatorGuards
{
    private readonly Func<int, bool> isCandidate;
    private readonly Dictionary<int, Expression> values = [];

    /// <param name="rule">The rule.</param>
    /// <param name="isCandidate">The variables that are of interest.</param>
    public DenominatorGuards(RuleSpec rule, Func<int, bool> isCandidate)
    {
        this.isCandidate = isCandidate;
        foreach (Assignment assignment in rule.Stages.Concat(rule.Body))
        {
            Visit(assignment.Value);
            values[assignment.Variable] = assignment.Value;
        }
    }

    public HashSet<int> All { get; } = [];

    private void Visit(Expression expression)
    {
        if (expression is Operation { Operator: Operator.Divide } quotient && GuardOf(quotient.Operands[1], []) is { } guard)
        {
            All.Add(guard);
        }

        foreach (Expression operand in expression.Operands)
        {
            Visit(operand);
        }
    }

    /// <param name="divisor">The divisor, or a part of it that is 0 where the divisor is.</param>
    /// <param name="seen">The variables that have been followed: each once, or a chain of squares would take twice as long for each of them.</param>
    private int? GuardOf(Expression divisor, HashSet<int> seen) => divisor switch
    {
        Variable variable => seen.Add(variable.Id) && values.TryGetValue(variable.Id, out Expression? value) ? GuardOf(value, seen) : null,
        Operation { Operator: Operator.SquareRoot } root => GuardOf(root.Operands[0], seen),
        Operation { Operator: Operator.Multiply } product => GuardOf(product.Operands[0], seen) ?? GuardOf(product.Operands[1], seen),
        Operation { Operator: Operator.Add or Operator.Maximum } sum =>
            Candidate(sum.Operands[1], besides: sum.Operands[0]) ?? Candidate(sum.Operands[0], besides: sum.Operands[1]),
        Operation { Operator: Operator.FusedMultiplyAdd } sum => Candidate(sum.Operands[2], besides: sum.Operands[0]),
        _ => null,
    };

    private int? Candidate(Expression operand, Expression besides) =>
        operand is Variable { Id: var id } && isCandidate(id) && besides is not Literal ? id : null;
}
