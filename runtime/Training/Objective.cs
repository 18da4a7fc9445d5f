using System.Numerics;

namespace OptimGen;

/// <summary>
/// What training minimizes: the mean loss of a model over a mini-batch, ℒ = (1/B)·Σℓᵢ, and its gradient.
/// </summary>
/// <param name="parameters">
/// The parameters. Their values are to be read; into their gradients, which are zero at the call, goes ∂ℒ/∂θ, the gradient of the mean
/// and not of the sum. A penalty on the weights is the trainer's (<see cref="Trainer{T}.WeightPenalty"/>) and belongs into neither.
/// </param>
/// <param name="batch">The examples.</param>
/// <returns>The mean loss. One that is not finite ends the training as diverged.</returns>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public delegate double Objective<T>(ParameterSet<T> parameters, MiniBatch batch)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
