using System.Numerics;

namespace OptimGen;

/// <summary>
/// Computes a product of the Hessian of an objective with a vector, Hv, exactly up to rounding; for example by Pearlmutter's R-operator ("Fast exact
/// multiplication by the Hessian", Neural Computation 6, 1994).
/// </summary>
/// <param name="parameters">The parameters, at the point of the Hessian. They must not be changed.</param>
/// <param name="batch">The examples whose mean loss is differentiated twice.</param>
/// <param name="direction">v. It has elements for the parameters that are analyzed; those of the others are 0.</param>
/// <param name="product">Receives Hv, of the same parameters as v; 0 at the call.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public delegate void HessianVectorProduct<T>(
    ParameterSet<T> parameters, MiniBatch batch, ParameterVector<T> direction, ParameterVector<T> product)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
