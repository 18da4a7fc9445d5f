namespace OptimGen;

/// <summary>A value that a rule reduces over elements before its update.</summary>
/// <param name="Name">The name of the rule's parameter that receives it.</param>
/// <param name="Reduction">The kind of reduction.</param>
/// <param name="Scope">Whether there is one value for each tensor, or one for all parameters.</param>
public sealed record ReductionDefinition(string Name, Reduction Reduction, ReductionScope Scope)
{
    /// <summary>Combines the partial results of two sets of elements.</summary>
    internal double Combine(double left, double right) => Reduction == Reduction.MaxAbs ? Math.Max(left, right) : left + right;

    /// <summary>The value of the reduction, from the combined partial results of all elements.</summary>
    internal double Finish(double combined) => Reduction == Reduction.Norm ? Math.Sqrt(combined) : combined;
}
