using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What the stages of a rule write into, each in its turn.</summary>
/// <param name="prefix">What the names of everything that the stages add begin with; empty for a rule that is nothing but its stages.</param>
/// <param name="taken">Names that the stages must leave to others, but for those that users see.</param>
internal sealed class RuleBuilder(string prefix = "", IReadOnlyCollection<string>? taken = null)
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

    /// <summary>The direction in a kernel, which does not see the divisor: the step size has it.</summary>
    public string UndividedSymbol => DirectionSymbol == "m̂" ? "m" : DirectionSymbol;

    public void Equation(string text) => equations.Add(text);

    public Expression Hyperparameter(HyperparameterSpec hyperparameter)
    {
        hyperparameters.Add(hyperparameter with { Name = Pascal(hyperparameter.Name) });
        return new Scalar(hyperparameters[hyperparameters.Count - 1].ScalarName);
    }

    public Expression State(string name)
    {
        states.Add(new StateSpec(Camel(name)) { Stream = Own(name) });
        return new Local(Own(name));
    }

    public Expression StepScalar(string name, Expression value, string comment)
    {
        stepScalars.Add(new StepScalarSpec(Own(name), value, comment));
        return new Scalar(Own(name));
    }

    /// <summary>A scalar of the step that becomes exactly 1 in time.</summary>
    public Expression FadingScalar(string name, Expression value, string comment)
    {
        fading.Add(Own(name));
        return StepScalar(name, value, comment);
    }

    public Expression Assign(string name, Expression value, string comment)
    {
        string full = name is Names.Parameter or Names.Gradient ? name : Own(name);
        body.Add(new Assignment(full, value, Contract: true, comment));
        return new Local(full);
    }

    /// <summary>Takes over what another rule's stages have added.</summary>
    public void Include(RuleBuilder other)
    {
        equations.AddRange(other.equations);
        hyperparameters.AddRange(other.hyperparameters);
        states.AddRange(other.states);
        stepScalars.AddRange(other.stepScalars);
        body.AddRange(other.body);
        fading.AddRange(other.fading);
    }

    public RuleSpec Build(ElementType elementType = ElementType.Float) => new()
    {
        ElementType = elementType,
        Equations = equations.ToEquatableArray(),
        Hyperparameters = hyperparameters.ToEquatableArray(),
        States = states.ToEquatableArray(),
        StepScalars = stepScalars.ToEquatableArray(),
        Body = body.ToEquatableArray(),
        FadingScalars = fading.ToEquatableArray(),
    };

    private string Camel(string name) => prefix.Length == 0 ? name : prefix + Identifier.Capitalize(name);

    /// <summary>A name that only the kernels see.</summary>
    private string Own(string name)
    {
        string own = Camel(name);
        return taken?.Contains(own) == true ? own + "OfStage" : own;
    }

    private string Pascal(string name) => prefix.Length == 0 ? name : Identifier.Capitalize(prefix) + name;
}
