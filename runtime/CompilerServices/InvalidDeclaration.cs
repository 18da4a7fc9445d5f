using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>For generated code: stands in the place of a rule whose declaration has errors.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InvalidDeclaration
{
    /// <summary>Throws; reached only by a program that is built although an error of the generator was silenced.</summary>
    /// <param name="optimizer">The name of the class.</param>
    /// <typeparam name="T">The element type.</typeparam>
    /// <exception cref="InvalidOperationException">Always.</exception>
    [DoesNotReturn]
    public static StepRule<T> Rule<T>(string optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        throw new InvalidOperationException($"The declaration of {optimizer} has errors (OPTG), which were silenced. It has no kernels.");
}
