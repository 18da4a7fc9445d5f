namespace OptimGen.Generator.Model;

/// <summary>
/// The variables of one rule, each a number: streams, hyperparameters, scalars, and what assignments give a value. Those that every rule has come first.
/// </summary>
internal sealed class Variables
{
    /// <summary>The parameter's stream.</summary>
    public const int Parameter = 0;

    /// <summary>The gradient's stream.</summary>
    public const int Gradient = 1;

    /// <summary>The number of the step, t, counted from 1.</summary>
    public const int Step = 2;

    /// <summary>The number of elements of a tensor, for its own scalars.</summary>
    public const int ElementCount = 3;

    private int next = ElementCount + 1;

    /// <summary>A variable that is new to the rule.</summary>
    public int New() => next++;
}

/// <summary>The names by which the methods of a rule take what every rule has.</summary>
internal static class Names
{
    public const string Parameter = "parameter";
    public const string Gradient = "gradient";
    public const string Step = "step";
    public const string ElementCount = "elementCount";
}
