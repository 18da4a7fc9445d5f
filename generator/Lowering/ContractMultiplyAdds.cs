using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// Fuses a product with the addition or subtraction that it stands in, so that they round once. Where both sides are products, the left one
/// is fused. The pattern is that of the tree alone, so it is the same for every instruction set.
/// </summary>
internal static class ContractMultiplyAdds
{
    public static Assignment Apply(Assignment assignment) =>
        assignment.Contract ? assignment with { Value = assignment.Value.Rewrite(Contract) } : assignment;

    private static Expression Contract(Expression node) => node switch
    {
        // a·b + c
        Operation { Operator: Operator.Add, Operands: [Operation { Operator: Operator.Multiply, Operands: [var a, var b] }, var c] } => Fuse(a, b, c),
        Operation { Operator: Operator.Add, Operands: [var c, Operation { Operator: Operator.Multiply, Operands: [var a, var b] }] } => Fuse(a, b, c),
        // a·b − c
        Operation { Operator: Operator.Subtract, Operands: [Operation { Operator: Operator.Multiply, Operands: [var a, var b] }, var c] } => Fuse(a, b, -c),
        // c − a·b = (−a)·b + c
        Operation { Operator: Operator.Subtract, Operands: [var c, Operation { Operator: Operator.Multiply, Operands: [var a, var b] }] } => Fuse(-a, b, c),
        _ => node,
    };

    private static Expression Fuse(Expression a, Expression b, Expression c) => Expression.Of(Operator.FusedMultiplyAdd, a, b, c);
}
