using System.Globalization;

namespace Smoothing;

/// <summary>A short table of the first values of each average, without and with bias correction.</summary>
internal static class FirstValues
{
    private static readonly int[] Days = [1, 2, 3, 10, 50];

    public static IReadOnlyList<string> Headings(IReadOnlyList<SmoothedSeries> averages) =>
        ["β", "Window", "Correction", .. DaysOf(averages).Select(day => Text($"Day {day}"))];

    public static IReadOnlyList<IReadOnlyList<string>> Rows(IReadOnlyList<SmoothedSeries> averages) =>
    [
        .. from average in averages
           from corrected in (bool[])[false, true]
           select Row(average, corrected, DaysOf(averages)),
    ];

    private static IReadOnlyList<string> Row(SmoothedSeries average, bool corrected, IEnumerable<int> days)
    {
        float[] values = corrected ? average.Corrected : average.Uncorrected;
        return
        [
            Text($"{average.Beta}"), Text($"{average.Window} days"), corrected ? "with" : "without",
            .. days.Select(day => Text($"{values[day - 1]:0.00}")),
        ];
    }

    private static IEnumerable<int> DaysOf(IReadOnlyList<SmoothedSeries> averages) => Days.Where(day => day <= averages[0].Corrected.Length);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
