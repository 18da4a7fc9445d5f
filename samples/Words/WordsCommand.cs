using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using OptimGen;
using Samples.Shared;

namespace Words;

/// <summary>Trains the vectors of words three times, by steps over all rows and by rows, and prints the curves beside each other.</summary>
internal static class WordsCommand
{
    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args, TextWriter output, TextWriter error)
    {
        Option<int> points = Number("--points", $"Points of the curve, of {WordsRun.StepsOfPoint} steps each", 1, 1000, usual: 10);
        Option<int> seed = Number("--seed", "Of the text, the batches and the first vectors", 0, int.MaxValue - 1, usual: 1);
        var command = new RootCommand("Trains vectors of words by steps over all rows, by rows that are caught up, and by rows that stand still.") { points, seed };
        command.SetAction(read =>
        {
            Compare(output, read.GetValue(points), read.GetValue(seed));
            return SampleCommand.Success;
        });
        return SampleCommand.Invoke(command, args, output, error);
    }

    private static void Compare(TextWriter output, int points, int seed)
    {
        WordsRun all = WordsRun.Train(null, points, seed), caughtUp = WordsRun.Train(RowUpdates.CaughtUp, points, seed), lazy = WordsRun.Train(RowUpdates.Lazy, points, seed);
        output.WriteLine(Line($"{TopicText.WordCount} words, vectors of {WordsRun.Width} elements, AdamW. Mean cost of {WordsRun.StepsOfPoint} steps each:"));
        output.WriteLine("  all rows   caught up        lazy");
        for (int point = 0; point < points; point++)
        {
            output.WriteLine(Line($"{all.Curve[point],10:F6}  {caughtUp.Curve[point],10:F6}  {lazy.Curve[point],10:F6}"));
        }

        bool isSame = all.Curve.SequenceEqual(caughtUp.Curve)
            && MemoryMarshal.AsBytes(all.Vectors.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(caughtUp.Vectors.AsSpan()));
        output.WriteLine($"Curve and vectors of the rows that were caught up {(isSame ? "have the bits" : "do not have the bits")} of those of steps over all rows.");
        output.WriteLine(Line($"Neighbours of the same topic: {all.ShareOfTopic():P1}, {caughtUp.ShareOfTopic():P1}, {lazy.ShareOfTopic():P1}"));
        output.WriteLine(Line($"Time: {all.Time.TotalSeconds:F1} s, {caughtUp.Time.TotalSeconds:F1} s, {lazy.Time.TotalSeconds:F1} s"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Option<int> Number(string name, string description, int least, int most, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && (result.GetValue(option) < least || result.GetValue(option) > most))
            {
                result.AddError($"{name} is {result.GetValue(option)}; it must be from {least} to {most}.");
            }
        });
        return option;
    }
}
