using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Each framework's preset against that framework's equations.</summary>
public class PresetTests
{
    private const int Steps = 30;

    private static readonly Dictionary<string, Func<ParameterSet<float>, Optimizer<float>>> Presets = new()
    {
        ["Adam, torch"] = AdamPreset.Torch,
        ["Adam, Keras"] = AdamPreset.Keras,
        ["Adam, optax"] = AdamPreset.Optax,
        ["AdamW, torch"] = AdamWPreset.Torch,
        ["AdamW, Keras"] = AdamWPreset.Keras,
        ["AdamW, optax"] = AdamWPreset.Optax,
        ["RMSprop, torch"] = RmsPropPreset.Torch,
        ["RMSprop, Keras"] = RmsPropPreset.Keras,
        ["RMSprop, optax"] = RmsPropPreset.Optax,
        ["Adagrad, torch"] = AdagradPreset.Torch,
        ["Adagrad, Keras"] = AdagradPreset.Keras,
        ["Adagrad, optax"] = AdagradPreset.Optax,
    };

    public static TheoryData<string> Names => new(Presets.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Preset_IsTheFrameworksRule(string name)
    {
        double[] start = Columns.Parameters();
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", Columns.Count);
        Columns.Copy(start, parameter.Values);
        Optimizer<float> optimizer = Presets[name](parameters);
        Reference reference = ReferenceOf(name, start);
        for (int step = 1; step <= Steps; step++)
        {
            double[] gradient = Columns.Gradient(step);
            Columns.Copy(gradient, parameter.Gradients);
            optimizer.Step();
            reference.Step(gradient);
            for (int i = 0; i < Columns.Count; i++)
            {
                Bounded want = reference.Parameters[i];
                Assert.True(
                    Math.Abs(parameter.Values[i] - want.Value) <= want.Tolerance,
                    FormattableString.Invariant($"{name}, step {step}, column {i}: got {parameter.Values[i]:R}, want {want.Value:R} ± {want.Tolerance:g2}"));
            }
        }
    }

    /// <summary>The defaults of the frameworks are repeated here, independently of the presets.</summary>
    private static Reference ReferenceOf(string name, double[] start) => name switch
    {
        "Adam, torch" or "Adam, optax" => new AdamReference(Values(1e-3, 0.9, 0.999, 1e-8), start, AdamEpsilon.BesideCorrectedRoot),
        "Adam, Keras" => new AdamReference(Values(1e-3, 0.9, 0.999, 1e-7), start, AdamEpsilon.BesideUncorrectedRoot),
        "AdamW, torch" => new AdamReference(Values(1e-3, 0.9, 0.999, 1e-8, 1e-2), start, AdamEpsilon.BesideCorrectedRoot, decays: true),
        "AdamW, Keras" => new AdamReference(Values(1e-3, 0.9, 0.999, 1e-7, 4e-3), start, AdamEpsilon.BesideUncorrectedRoot, decays: true),
        "AdamW, optax" => new AdamReference(Values(1e-3, 0.9, 0.999, 1e-8, 1e-4), start, AdamEpsilon.BesideCorrectedRoot, decays: true),
        "RMSprop, torch" => new RmsPropReference(Values(1e-2, 0, 0.99, 1e-8), start),
        "RMSprop, Keras" => new RmsPropReference(Values(1e-3, 0, 0.9, 1e-7), start) { EpsilonInside = true },
        "RMSprop, optax" => new RmsPropReference(Values(1e-3, 0, 0.9, 1e-8), start) { EpsilonInside = true },
        "Adagrad, torch" => new AdagradReference(Values(1e-2, 0, 0, 1e-10), start),
        "Adagrad, Keras" or "Adagrad, optax" => new AdagradReference(Values(1e-3, 0, 0, 1e-7), start, 0.1) { EpsilonInside = true },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static Dictionary<string, double> Values(double learningRate, double beta1, double beta2, double epsilon, double weightDecay = 0) => new()
    {
        ["LearningRate"] = learningRate,
        ["Beta1"] = beta1,
        ["Beta2"] = beta2,
        ["Epsilon"] = epsilon,
        ["WeightDecay"] = weightDecay,
    };
}
