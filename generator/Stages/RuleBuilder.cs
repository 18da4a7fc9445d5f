using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What the stages of a rule write into, each in its turn.</summary>
/// <param name="variables">Where the rule's variables come from.</param>
/// <param name="prefix">What the names of states and hyperparameters begin with; empty for a rule that has one stack of stages.</param>
internal sealed class RuleBuilder(Variables variables, string prefix = "")
{
    public static readonly Expression Parameter = new Variable(Variables.Parameter);
    public static readonly Expression Gradient = new Variable(Variables.Gradient);
    public static readonly Expression Step = new Variable(Variables.Step);

    private readonly List<string> equations = [];
    private readonly List<HyperparameterSpec> hyperparameters = [];
    private readonly List<StateSpec> states = [];
    private readonly List<ScalarSpec> scalars = [];
    private readonly List<Assignment> assignments = [];

    public IReadOnlyList<string> Equations => equations;

    public IReadOnlyList<HyperparameterSpec> Hyperparameters => hyperparameters;

    public IReadOnlyList<StateSpec> States => states;

    public IReadOnlyList<ScalarSpec> Scalars => scalars;

    public IReadOnlyList<Assignment> Assignments => assignments;

    /// <summary>
    /// The direction that the update goes along, as the stages so far have it, not yet divided by <see cref="Denominator"/> and <see cref="DirectionDivisor"/>.
    /// </summary>
    public Expression Direction { get; set; } = Gradient;

    /// <summary>A divisor of the direction that each element has of its own.</summary>
    public Expression? Denominator { get; set; }

    /// <summary>A divisor of the direction that is the same for every element; the update folds it into the step size.</summary>
    public Expression? DirectionDivisor { get; set; }

    /// <summary>The direction in the equations.</summary>
    public string DirectionSymbol { get; set; } = "g";

    /// <summary>The direction in a kernel, before it is divided by anything: the step size has the divisor.</summary>
    public string NumeratorSymbol { get; set; } = "g";

    public void Equation(string text) => equations.Add(text);

    public Expression Hyperparameter(StageHyperparameter declared, double value)
    {
        var variable = new Variable(variables.New());
        hyperparameters.Add(new HyperparameterSpec
        {
            Variable = variable.Id, Name = prefix.Length == 0 ? declared.Name : Identifier.Capitalize(prefix) + declared.Name,
            Default = value, Range = declared.Range, Summary = declared.Summary,
        });
        return variable;
    }

    /// <param name="name">The name, without the prefix.</param>
    /// <param name="isNonNegative">Whether it is never negative, as an average of squares.</param>
    public Variable State(string name, bool isNonNegative = false)
    {
        var variable = new Variable(variables.New());
        states.Add(new StateSpec(variable.Id, prefix.Length == 0 ? name : prefix + Identifier.Capitalize(name)) { IsNonNegative = isNonNegative });
        return variable;
    }

    public Expression Scalar(string name, Expression value, string comment)
    {
        var variable = new Variable(variables.New());
        scalars.Add(new ScalarSpec(variable.Id, name, value, comment));
        return variable;
    }

    /// <summary>Gives a variable of the rule a new value: the gradient, the parameter or a state.</summary>
    public void Assign(Expression variable, string name, Expression value, string comment) =>
        assignments.Add(new Assignment(((Variable)variable).Id, name, value, Contract: true, comment));

    /// <summary>Names a value.</summary>
    public Expression Let(string name, Expression value, string comment)
    {
        var variable = new Variable(variables.New());
        Assign(variable, name, value, comment);
        return variable;
    }

    /// <summary>Takes over what another rule's stages have added.</summary>
    public void Include(RuleBuilder other)
    {
        equations.AddRange(other.equations);
        hyperparameters.AddRange(other.hyperparameters);
        states.AddRange(other.states);
        scalars.AddRange(other.scalars);
        assignments.AddRange(other.assignments);
    }

    public RuleSpec Build(ElementType elementType, int unroll) => new()
    {
        ElementType = elementType,
        Unroll = unroll,
        Equations = equations.ToEquatableArray(),
        Hyperparameters = hyperparameters.ToEquatableArray(),
        States = states.ToEquatableArray(),
        Scalars = scalars.ToEquatableArray(),
        Stages = assignments.ToEquatableArray(),
    };
}
