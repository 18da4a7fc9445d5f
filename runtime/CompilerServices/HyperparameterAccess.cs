using System.Numerics;

namespace OptimGen.CompilerServices;

/// <summary>Reads the hyperparameters that are properties of the user's class.</summary>
/// <param name="optimizer">The optimizer.</param>
/// <param name="values">
/// The values that were read last, in the order of the definition, to be updated by <see cref="StepMath.Update(ref float, float)"/>.
/// </param>
/// <returns>Whether any value has changed.</returns>
/// <typeparam name="T">The element type.</typeparam>
public delegate bool HyperparameterReader<T>(Optimizer<T> optimizer, Span<T> values)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Sets a hyperparameter that is a property of the user's class.</summary>
/// <param name="optimizer">The optimizer.</param>
/// <param name="index">The position in the definition.</param>
/// <param name="value">The value, already checked against the bounds.</param>
/// <typeparam name="T">The element type.</typeparam>
public delegate void HyperparameterWriter<T>(Optimizer<T> optimizer, int index, T value)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
