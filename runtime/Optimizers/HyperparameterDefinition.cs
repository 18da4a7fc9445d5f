using System.Numerics;
using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>A hyperparameter of a rule: its name, its declared value and the values that it may take.</summary>
/// <param name="Name">The name of the property, such as <c>Beta1</c>.</param>
/// <param name="Default">The declared value.</param>
/// <param name="Minimum">The smallest value allowed.</param>
/// <param name="Maximum">The largest value allowed; if it is exclusive, the bound that values must be below.</param>
/// <param name="MaximumIsExclusive">Whether <paramref name="Maximum"/> itself is not allowed.</param>
/// <param name="MinimumIsExclusive">Whether <paramref name="Minimum"/> itself is not allowed.</param>
public sealed record HyperparameterDefinition(
    string Name,
    double Default,
    double Minimum = double.NegativeInfinity,
    double Maximum = double.PositiveInfinity,
    bool MaximumIsExclusive = false,
    bool MinimumIsExclusive = false)
{
    /// <summary>Refuses a value that is not finite or lies outside of the bounds.</summary>
    /// <param name="value">The value.</param>
    /// <param name="group">The parameter group that the value is for; <see langword="null"/> if it is for all parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is refused; the message names the hyperparameter, the bounds and the value.</exception>
    public void Require(double value, string? group = null)
    {
        if (Allows(value))
        {
            return;
        }

        throw new ArgumentOutOfRangeException(Name, value, Refusal(value, group));
    }

    /// <summary>
    /// The same check for a value of the element type. The message shows a float as its shortest decimal that round-trips: 1.1f as 1.1.
    /// </summary>
    internal void Require<T>(T value, string? group = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Allows(double.CreateTruncating(value)))
        {
            Require(StepMath.Widen<T>(value), group);
        }
    }

    /// <summary>Refuses a value that is within the bounds as a double, but not after rounding to the element type.</summary>
    internal void RequireNarrowed<T>(double value, T narrowed, string? group = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Allows(double.CreateTruncating(narrowed)))
        {
            throw new ArgumentOutOfRangeException(Name, value, Refusal(value, narrowed, group));
        }
    }

    /// <summary>
    /// The message with which <see cref="Require(double, string?)"/> or <see cref="RequireNarrowed"/> refuses a value; <see langword="null"/> if the value
    /// is allowed.
    /// </summary>
    internal string? RefusalOf<T>(double value, string? group)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T narrowed = T.CreateTruncating(value);
        return !Allows(value) ? Refusal(value, group)
            : !Allows(double.CreateTruncating(narrowed)) ? Refusal(value, narrowed, group)
            : null;
    }

    /// <summary>
    /// The same check as <see cref="Require{T}"/> at the start of a step. It throws an <see cref="InvalidOperationException"/>, since the value is not an
    /// argument of the step.
    /// </summary>
    internal void RequireInStep<T>(T value, string group)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!Allows(double.CreateTruncating(value)))
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{NameOf(group)} is {StepMath.Widen<T>(value)}; it must be {Bounds}. The step was refused; parameters and state are unchanged."));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Allows(double value) =>
        double.IsFinite(value)
        && (MaximumIsExclusive ? value < Maximum : value <= Maximum)
        && (MinimumIsExclusive ? value > Minimum : value >= Minimum);

    private string Refusal(double value, string? group) => FormattableString.Invariant($"{NameOf(group)} is {value}; it must be {Bounds}.");

    private string Refusal<T>(double value, T narrowed, string? group) =>
        FormattableString.Invariant($"{NameOf(group)} is {value}, which is {narrowed} as a {typeof(T).Name}; it must be {Bounds}.");

    private string NameOf(string? group) => group is null ? Name : $"{Name} of group '{group}'";

    private FormattableString Bounds => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (false, false) => $"finite",
        (true, false) => $"{(MinimumIsExclusive ? "greater than" : "at least")} {Minimum}, and finite",
        (false, true) => $"{(MaximumIsExclusive ? "less than" : "at most")} {Maximum}, and finite",
        (true, true) => $"in {(MinimumIsExclusive ? '(' : '[')}{Minimum}, {Maximum}{(MaximumIsExclusive ? ')' : ']')}",
    };
}
