using System.Globalization;
using OptimGen;

namespace Digits;

/// <summary>A decay of the learning rate, as it is written on the command line: <c>none</c>, or a name, a colon and a number.</summary>
internal sealed record Decay
{
    /// <summary>The suffix by which a decay counts steps and not epochs.</summary>
    public const string PerStep = "/step";

    private readonly Func<double, Schedule>? schedule;

    private Decay(string text, Func<double, Schedule>? schedule) => (Text, this.schedule) = (text, schedule);

    /// <summary>No decay.</summary>
    public static Decay None { get; } = new("none", null);

    /// <summary>The text on the command line.</summary>
    public string Text { get; }

    /// <summary>The forms that <see cref="Parse"/> accepts, for the help text: the syntax and the rate of each.</summary>
    public static IReadOnlyList<(string Form, string Meaning)> Forms { get; } =
    [
        ("none", "rate α₀ throughout"),
        ("inverse-time:d", "α₀/(1 + d·n)"),
        ("exponential:f", "α₀·fⁿ, with 0 < f ≤ 1"),
        ("sqrt:k", "k/√n·α₀"),
        ("staircase:s", "α₀, halved every s"),
    ];

    /// <summary>The schedule from an initial rate α₀; <see langword="null"/> if there is no decay.</summary>
    public Schedule? From(double rate) => schedule?.Invoke(rate);

    /// <summary>Reads a decay. n counts epochs from 1, or steps if the text ends in "/step".</summary>
    /// <exception cref="FormatException">The text is not a decay; the message says why.</exception>
    public static Decay Parse(string text)
    {
        if (text == None.Text)
        {
            return None;
        }

        bool perStep = text.EndsWith(PerStep, StringComparison.Ordinal);
        ScheduleUnit unit = perStep ? ScheduleUnit.Step : ScheduleUnit.Epoch;
        string[] parts = (perStep ? text[..^PerStep.Length] : text).Split(':');
        if (parts.Length != 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            throw Unknown(text);
        }

        return parts[0] switch
        {
            "inverse-time" when double.IsFinite(number) && number >= 0 =>
                new Decay(text, rate => Schedule.InverseTime(rate, number, unit)),
            "inverse-time" => throw Refused(text, "d must be at least 0"),
            "exponential" when number is > 0 and <= 1 =>
                new Decay(text, rate => Schedule.Exponential(rate, number, unit)),
            "exponential" => throw Refused(text, "f must be greater than 0 and at most 1"),
            "sqrt" when number is > 0 and <= 1e6 =>
                new Decay(text, rate => Schedule.InverseSquareRoot(rate, number, unit)),
            "sqrt" => throw Refused(text, "k must be greater than 0 and at most 1e6"),
            "staircase" when number is >= 1 and <= int.MaxValue && double.IsInteger(number) =>
                new Decay(text, rate => Schedule.Staircase(rate, (int)number, unit: unit)),
            "staircase" => throw Refused(text, "s must be a whole number, 1 or more"),
            _ => throw Unknown(text),
        };
    }

    public override string ToString() => Text;

    private static FormatException Unknown(string text) =>
        new($"'{text}' is no decay; it is one of {string.Join(", ", Forms.Select(form => form.Form))}, the last four also with {PerStep} behind.");

    private static FormatException Refused(string text, string rule) => new($"'{text}' is no decay: {rule}.");
}
