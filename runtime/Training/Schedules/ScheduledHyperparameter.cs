using System.Numerics;

namespace OptimGen;

/// <summary>A hyperparameter that a schedule sets before every step.</summary>
/// <param name="Group">The parameter group whose hyperparameter it is; <see langword="null"/> for the optimizer's.</param>
/// <param name="Hyperparameter">The name of the hyperparameter.</param>
/// <param name="Schedule">The schedule.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record ScheduledHyperparameter<T>(ParameterGroup<T>? Group, string Hyperparameter, Schedule Schedule)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
