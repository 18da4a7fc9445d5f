using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>A number that a stage is declared with, and that becomes a hyperparameter: its name, range and default, for the parser and the rule alike.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Argument">What a diagnostic calls the attribute's argument.</param>
/// <param name="Range">The values that it may have.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="Summary">What it is, for the property's documentation, without the full stop.</param>
internal sealed record StageHyperparameter(string Name, string Argument, NumberRange Range, double Default, string Summary)
{
    public static readonly StageHyperparameter LearningRate = new(
        HyperparameterSpec.LearningRate, "LearningRate", NumberRange.NotNegative, 1e-3, "The learning rate η, not negative");

    public static readonly StageHyperparameter ClipValue = new(
        "ClipValue", "the limit", NumberRange.Positive, 1, "The largest magnitude c of a gradient that is let through, positive");

    public static readonly StageHyperparameter WeightDecay = new(
        "WeightDecay", "the coefficient", NumberRange.NotNegative, 0,
        "The coefficient λ of coupled weight decay, which the moments see; not negative");

    public static readonly StageHyperparameter DecoupledWeightDecay = WeightDecay with
    {
        Summary = "The coefficient λ of decoupled weight decay, which the moments do not see; not negative",
    };

    public static readonly StageHyperparameter Beta1 = new(
        "Beta1", "β", NumberRange.Decay, 0.9, "The weight of the past in the gradient's average, β₁ in [0, 1)");

    public static readonly StageHyperparameter Momentum = new(
        "Momentum", "μ", NumberRange.Decay, 0.9, "The part of the momentum buffer that stays, μ in [0, 1)");

    public static readonly StageHyperparameter Beta2OfMeanSquare = new(
        "Beta2", "β", NumberRange.Decay, 0.999, "The weight of the past in the mean square, β₂ in [0, 1)");

    public static readonly StageHyperparameter Beta2OfInfinityNorm = Beta2OfMeanSquare with
    {
        Summary = "The weight of the past in the infinity norm, β₂ in [0, 1)",
    };

    public static readonly StageHyperparameter Epsilon = new("Epsilon", "Epsilon", NumberRange.NotNegative, 1e-8, "");

    public static readonly StageHyperparameter EpsilonOfAdagrad = Epsilon with { Default = 1e-10 };
}
