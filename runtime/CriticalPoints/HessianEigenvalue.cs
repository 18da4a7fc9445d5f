using System.Numerics;

namespace OptimGen;

/// <summary>An eigenvalue of a Hessian, with its error and its eigenvector.</summary>
/// <param name="Value">The computed value.</param>
/// <param name="Residual">‖Hv − λv‖ of the computed products, for the eigenvector v of norm 1.</param>
/// <param name="ProductError">An estimate of the error that the computed products of the Hessian have, with a margin.</param>
/// <param name="Vector">The eigenvector, of norm 1. Its sign is arbitrary, and within a cluster of eigenvalues so is its direction.</param>
/// <typeparam name="T">The element type of the parameters.</typeparam>
public sealed record HessianEigenvalue<T>(double Value, double Residual, double ProductError, ParameterVector<T> Vector)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The bound of the error: a symmetric matrix has an eigenvalue within the norm of a residual (Parlett, The Symmetric Eigenvalue Problem, theorem 4.5.1),
    /// and the residual of the exact products is at most <see cref="Residual"/> + <see cref="ProductError"/>.
    /// </summary>
    public double Error => Residual + ProductError;

    /// <summary>Value − error: the lower end of the interval in which there is an eigenvalue.</summary>
    public double Low => Value - Error;

    /// <summary>Value + error.</summary>
    public double High => Value + Error;

    /// <summary>The value and its error.</summary>
    public override string ToString() => FormattableString.Invariant($"{Value:G6} ± {Error:G2}");
}
