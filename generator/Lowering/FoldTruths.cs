using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>Takes the side of a selection whose condition is known, once a kernel knows the step's truth values.</summary>
internal static class FoldTruths
{
    public static Assignment Apply(Assignment assignment, IReadOnlyDictionary<string, bool> flags) => assignment with
    {
        Value = assignment.Value.Rewrite(node => Fold(node is Flag flag && flags.TryGetValue(flag.Name, out bool value) ? new Truth(value) : node)),
    };

    private static Expression Fold(Expression node) => node is not Operation operation ? node : (operation.Operator, operation.Operands) switch
    {
        (Operator.Select, [Truth condition, var whenTrue, var whenFalse]) => condition.Value ? whenTrue : whenFalse,
        (Operator.Not, [Truth operand]) => new Truth(!operand.Value),
        (Operator.And, [Truth left, var right]) => left.Value ? right : left,
        (Operator.And, [var left, Truth right]) => right.Value ? left : right,
        (Operator.Or, [Truth left, var right]) => left.Value ? left : right,
        (Operator.Or, [var left, Truth right]) => right.Value ? right : left,
        _ => node,
    };
}
