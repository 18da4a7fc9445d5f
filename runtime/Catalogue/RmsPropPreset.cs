namespace OptimGen;

/// <summary>RMSprop as each framework has it, without momentum; see <see cref="AdamPreset"/> for why the classes differ.</summary>
public static class RmsPropPreset
{
    /// <summary><c>torch.optim.RMSprop</c>: <see cref="RmsProp"/>, η 0.01, β₂ 0.99, ε 1e-8 outside of the root.</summary>
    public static RmsProp Torch(ParameterSet<float> parameters) => new(parameters) { LearningRate = 1e-2f, Beta2 = 0.99f, Epsilon = 1e-8f };

    /// <summary><c>keras.optimizers.RMSprop</c>: <see cref="RmsPropEpsilonInside"/>, η 1e-3, β₂ 0.9, ε 1e-7 inside of the root.</summary>
    public static RmsPropEpsilonInside Keras(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta2 = 0.9f, Epsilon = 1e-7f };

    /// <summary>
    /// <c>optax.rmsprop</c>: <see cref="RmsPropEpsilonInside"/>, β₂ 0.9, ε 1e-8 inside of the root. optax has no default for η; it is 1e-3 here.
    /// </summary>
    public static RmsPropEpsilonInside Optax(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta2 = 0.9f, Epsilon = 1e-8f };
}
