namespace OptimGen;

/// <summary>
/// Adam as each framework has it. Frameworks differ not only in numbers but in where ε stands, which is code and not a setting; so what
/// comes back is the class whose code is the framework's, with the framework's numbers.
/// </summary>
public static class AdamPreset
{
    /// <summary><c>torch.optim.Adam</c>: <see cref="Adam"/>, η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8 outside of the corrected root.</summary>
    public static Adam Torch(ParameterSet<float> parameters) => new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f };

    /// <summary>
    /// <c>keras.optimizers.Adam</c>: <see cref="AdamEpsilonHat"/>, η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-7 outside of the uncorrected root.
    /// </summary>
    public static AdamEpsilonHat Keras(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-7f };

    /// <summary>
    /// <c>optax.adam</c>: <see cref="Adam"/>, β₁ 0.9, β₂ 0.999, ε 1e-8 outside of the corrected root. optax has no default for η; it is 1e-3
    /// here. For <c>eps_root</c>, see <see cref="AdamEpsilonInside"/>.
    /// </summary>
    public static Adam Optax(ParameterSet<float> parameters) => new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f };
}
