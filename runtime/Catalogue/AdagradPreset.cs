namespace OptimGen;

/// <summary>Adagrad as each framework has it; see <see cref="AdamPreset"/> for why the classes differ.</summary>
public static class AdagradPreset
{
    /// <summary><c>torch.optim.Adagrad</c>: <see cref="Adagrad"/>, η 0.01, ε 1e-10 outside of the root, the sum from 0.</summary>
    public static Adagrad Torch(ParameterSet<float> parameters) => new(parameters) { LearningRate = 1e-2f, Epsilon = 1e-10f };

    /// <summary><c>keras.optimizers.Adagrad</c>: <see cref="AdagradEpsilonInside"/>, η 1e-3, ε 1e-7 inside of the root, the sum from 0.1.</summary>
    public static AdagradEpsilonInside Keras(ParameterSet<float> parameters) => FromATenth(parameters);

    /// <summary>
    /// <c>optax.adagrad</c>: <see cref="AdagradEpsilonInside"/>, ε 1e-7 inside of the root, the sum from 0.1. optax has no default for η; it is 1e-3
    /// here.
    /// </summary>
    public static AdagradEpsilonInside Optax(ParameterSet<float> parameters) => FromATenth(parameters);

    private static AdagradEpsilonInside FromATenth(ParameterSet<float> parameters)
    {
        var optimizer = new AdagradEpsilonInside(parameters) { LearningRate = 1e-3f, Epsilon = 1e-7f };
        foreach (Parameter<float> parameter in parameters)
        {
            optimizer.GetState(parameter, "squareSum").Fill(0.1f);
        }

        return optimizer;
    }
}
