namespace OptimGen;

/// <summary>AdamW as each framework has it; see <see cref="AdamPreset"/> for why the classes differ.</summary>
public static class AdamWPreset
{
    /// <summary><c>torch.optim.AdamW</c>: <see cref="AdamW"/>, η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8 outside of the corrected root, λ 0.01.</summary>
    public static AdamW Torch(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f, WeightDecay = 1e-2f };

    /// <summary>
    /// <c>keras.optimizers.AdamW</c>: <see cref="AdamWEpsilonHat"/>, η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-7 outside of the uncorrected root,
    /// λ 0.004.
    /// </summary>
    public static AdamWEpsilonHat Keras(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-7f, WeightDecay = 0.004f };

    /// <summary>
    /// <c>optax.adamw</c>: <see cref="AdamW"/>, β₁ 0.9, β₂ 0.999, ε 1e-8 outside of the corrected root, λ 1e-4. optax has no default for η; it
    /// is 1e-3 here.
    /// </summary>
    public static AdamW Optax(ParameterSet<float> parameters) =>
        new(parameters) { LearningRate = 1e-3f, Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f, WeightDecay = 1e-4f };
}
