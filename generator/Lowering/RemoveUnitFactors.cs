using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>Leaves out factors that are exactly 1. A multiplication by 1 is exact, so no bit changes.</summary>
internal static class RemoveUnitFactors
{
    public static Assignment Apply(Assignment assignment, IEnumerable<string> unitScalars)
    {
        HashSet<string> units = [.. unitScalars];
        return assignment with
        {
            Value = assignment.Value.Rewrite(node => node switch
            {
                Operation { Operator: Operator.Multiply, Operands: [Scalar factor, var other] } when units.Contains(factor.Name) => other,
                Operation { Operator: Operator.Multiply, Operands: [var other, Scalar factor] } when units.Contains(factor.Name) => other,
                _ => node,
            }),
        };
    }
}
