using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>
/// States with one number for each row. An assignment to one is a reduction over the elements of the row, which all of them must come to: it is in no branch, and is
/// the only one of its state.
/// </summary>
internal sealed partial class MethodTranslator
{
    private readonly HashSet<ISymbol> assignedOnce = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> alreadyAssigned = new(SymbolEqualityComparer.Default);

    /// <summary>Has a parameter of the method refused where it is assigned in a branch or a second time.</summary>
    public void AssignOnce(IParameterSymbol parameter) => assignedOnce.Add(parameter);

    private void RequireOnlyAssignment(ISymbol state, IOperation target)
    {
        string? fault =
            branchDepth > 0 ? "is assigned where not every element comes; assign it before the first branch that it depends on, by a conditional expression (c ? a : b)"
            : !alreadyAssigned.Add(state) ? "is assigned a second time, which would be another mean; compute the value in a local and assign that"
            : null;
        if (fault is not null)
        {
            sink.Report(Descriptors.RowState, target.Syntax.GetLocation(), state.Name, fault);
        }
    }
}
