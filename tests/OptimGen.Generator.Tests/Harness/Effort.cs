using System.Globalization;

namespace OptimGen.Generator.Tests.Harness;

/// <summary>How much of the long tests a run does: a third of their cases, which depends on the day, or all of them.</summary>
internal static class Effort
{
    private const int Parts = 3;

    /// <summary>Set to <c>all</c>, every case runs; to 0, 1 or 2, that third of them, as on the day of a failure.</summary>
    private const string Variable = "OPTIMGEN_TEST_PART";

    private static readonly string? Asked = Environment.GetEnvironmentVariable(Variable);

    /// <summary>The third that runs; <see langword="null"/> for all of them.</summary>
    public static int? Part { get; } = Asked switch
    {
        null or "" => DateTime.UtcNow.DayOfYear % Parts,
        "all" => null,
        _ when int.TryParse(Asked, NumberStyles.None, CultureInfo.InvariantCulture, out int part) && part < Parts => part,
        _ => throw new InvalidOperationException($"{Variable} is '{Asked}'; it must be all or a number from 0 to {Parts - 1}."),
    };

    /// <summary>What a message says of it, so that the run can be repeated.</summary>
    public static string Description { get; } = $"{Variable}={(Part is { } part ? part : "all")}";

    /// <summary>Whether a case is among those that run.</summary>
    public static bool IsOfToday(int index) => Part is not { } part || index % Parts == part;
}
