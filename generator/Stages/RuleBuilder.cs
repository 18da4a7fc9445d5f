using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What the stages of a rule write into, each in its turn.</summary>
internal sealed class RuleBuilder
{
    public static readonly Expression Parameter = new Local(Names.Parameter);
    public static readonly Expression Gradient = new Local(Names.Gradient);
    public static readonly Expression Step = new Scalar(Names.Step);

    private readonly List<string> equations = [];
    private readonly List<HyperparameterSpec> hyperparameters = [];
    private readonly List<StateSpec> states = [];
    private readonly List<StepScalarSpec> stepScalars = [];
    private readonly List<Assignment> body = [];
    private readonly List<string> fading = [];

    /// <summary>The direction that the update goes along, as the stages so far have it, not yet divided by <see cref="DirectionDivisor"/>.</summary>
    public Expression Direction { get; set; } = Gradient;

    /// <summary>A divisor of the direction that is the same for every element; the update folds it into the step size.</summary>
    public Expression? DirectionDivisor { get; set; }

    /// <summary>The direction in the equations.</summary>
    public string DirectionSymbol { get; set; } = "g";

    public void Equation(string text) => equations.Add(text);

    public Expression Hyperparameter(HyperparameterSpec hyperparameter)
    {
        hyperparameters.Add(hyperparameter);
        return new Scalar(hyperparameter.ScalarName);
    }

    public Expression State(string name)
    {
        states.Add(new StateSpec(name));
        return new Local(name);
    }

    public Expression StepScalar(string name, Expression value, string comment)
    {
        stepScalars.Add(new StepScalarSpec(name, value, comment));
        return new Scalar(name);
    }

    /// <summary>A scalar of the step that becomes exactly 1 in time.</summary>
    public Expression FadingScalar(string name, Expression value, string comment)
    {
        fading.Add(name);
        return StepScalar(name, value, comment);
    }

    public Expression Assign(string name, Expression value, string comment)
    {
        body.Add(new Assignment(name, value, comment));
        return new Local(name);
    }

    public RuleSpec Build() => new()
    {
        Equations = equations.ToEquatableArray(),
        Hyperparameters = hyperparameters.ToEquatableArray(),
        States = states.ToEquatableArray(),
        StepScalars = stepScalars.ToEquatableArray(),
        Contract = true,
        Body = body.ToEquatableArray(),
        FadingScalars = fading.ToEquatableArray(),
    };
}
