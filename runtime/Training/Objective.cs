using System.Numerics;

namespace OptimGen;

/// <summary>
/// The function that training minimizes: it computes the mean loss of a model over a mini-batch, ℒ = (1/B)·Σℓᵢ, and its gradient.
/// </summary>
/// <param name="parameters">
/// The parameters. The objective reads their values and writes ∂ℒ/∂θ, the gradient of the mean and not of the sum, to their gradients, which
/// are zero at the call. Loss and gradient do not include a penalty on the weights; the trainer adds it (<see cref="Trainer{T}.WeightPenalty"/>).
/// </param>
/// <param name="batch">The examples.</param>
/// <returns>The mean loss. If it is not finite, training ends as diverged.</returns>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public delegate double Objective<T>(ParameterSet<T> parameters, MiniBatch batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
