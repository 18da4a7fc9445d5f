using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>A hyperparameter of a rule: its name, its declared value and the values that it may take.</summary>
/// <param name="Name">The name of the property, such as <c>Beta1</c>.</param>
/// <param name="Default">The declared value.</param>
/// <param name="Minimum">The smallest value allowed.</param>
/// <param name="Maximum">The largest value allowed, or the bound below which it must stay.</param>
/// <param name="BelowMaximum">Whether <paramref name="Maximum"/> itself is not allowed.</param>
/// <param name="AboveMinimum">Whether <paramref name="Minimum"/> itself is not allowed.</param>
public sealed record HyperparameterDefinition(
    string Name,
    double Default,
    double Minimum = double.NegativeInfinity,
    double Maximum = double.PositiveInfinity,
    bool BelowMaximum = false,
    bool AboveMinimum = false)
{
    /// <summary>For generated code: the factor of the learning rate that each group has.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static HyperparameterDefinition LearningRateScale { get; } = new("LearningRateScale", 1, Minimum: 0);

    /// <summary>Refuses a value that is not finite or lies outside of the bounds.</summary>
    /// <param name="value">The value.</param>
    /// <param name="group">The group that the value is for, if it is not for all parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is refused; the message names the hyperparameter, the bounds and the value.</exception>
    public void Require(double value, string? group = null)
    {
        if (Allows(value))
        {
            return;
        }

        string of = group is null ? "" : $" of group '{group}'";
        throw new ArgumentOutOfRangeException(
            Name, value, FormattableString.Invariant($"{Name}{of} is {value}; it must be {Bounds}."));
    }

    /// <summary>As for a double; a float means its shortest decimal, so 1.1f is named 1.1.</summary>
    /// <inheritdoc cref="Require(double, string?)"/>
    public void Require(float value, string? group = null)
    {
        if (!Allows(value))
        {
            Require(StepMath.Widen(value), group);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Allows(double value) =>
        double.IsFinite(value)
        && (BelowMaximum ? value < Maximum : value <= Maximum)
        && (AboveMinimum ? value > Minimum : value >= Minimum);

    private FormattableString Bounds => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (false, false) => $"finite",
        (true, false) => $"{(AboveMinimum ? "greater than" : "at least")} {Minimum}, and finite",
        (false, true) => $"{(BelowMaximum ? "less than" : "at most")} {Maximum}, and finite",
        (true, true) => $"in {(AboveMinimum ? '(' : '[')}{Minimum}, {Maximum}{(BelowMaximum ? ')' : ']')}",
    };
}
