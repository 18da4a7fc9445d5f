namespace OptimGen;

/// <summary>A value that a rule reduces over elements before its update.</summary>
/// <param name="Name">The name by which the rule takes it.</param>
/// <param name="Reduction">How the values become one.</param>
/// <param name="Scope">For each tensor, or for everything.</param>
public sealed record ReductionDefinition(string Name, Reduction Reduction, ReductionScope Scope)
{
    /// <summary>What two parts of the elements come to together, before <see cref="Finish"/>.</summary>
    internal double Combine(double left, double right) => Reduction == Reduction.MaxAbs ? Math.Max(left, right) : left + right;

    /// <summary>What the rule takes.</summary>
    internal double Finish(double combined) => Reduction == Reduction.Norm ? Math.Sqrt(combined) : combined;
}
