using System.Runtime.InteropServices;
using Digits.Data;
using Digits.Report;
using Digits.Terminal;
using Digits.Training;
using Spectre.Console;

namespace Digits;

/// <summary>The whole job: get the digits, train with each optimizer, show the results, write the report.</summary>
internal static class DigitsCommand
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadUsage = 2;

    /// <summary>What a shell expects of a command that Ctrl+C ended.</summary>
    public const int Interrupted = 130;

    /// <returns>The exit code.</returns>
    public static int Run(DigitsOptions options, IAnsiConsole console, TextWriter error)
    {
        using var interrupt = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The first Ctrl+C ends training after the step under way; a second one ends the process.
            signal.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        });

        try
        {
            RequireWritable(options.ReportPath);
            DigitData data = options.MnistFolder is null ? DigitData.Draw(options.Seed) : Mnist.Read(options.MnistFolder);
            if (options.Batch > data.Training.Count)
            {
                error.WriteLine($"--batch is {options.Batch}, but there are only {data.Training.Count} examples to train on.");
                return BadUsage;
            }

            Summary.Introduce(console, options, data);
            List<TrainingRun> runs = TrainAll(options, data, console, interrupt.Token);
            Summary.Conclude(console, runs);
            File.WriteAllText(options.ReportPath, HtmlReport.Of(options, data, runs));
            // Past the console, which would break a long path into lines.
            console.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(options.ReportPath)}");
            return interrupt.IsCancellationRequested ? Interrupted : Success;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            error.WriteLine(failure.Message);
            return Failure;
        }
    }

    /// <summary>Finds out before training, not after it, that the report has no place.</summary>
    private static void RequireWritable(string reportPath)
    {
        string path = Path.GetFullPath(reportPath);
        if (Directory.Exists(path))
        {
            throw new IOException($"--report is {reportPath}, which is a folder; it must be a file.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new IOException($"--report is {reportPath}, but there is no folder {Path.GetDirectoryName(path)}.");
        }
    }

    private static List<TrainingRun> TrainAll(DigitsOptions options, DigitData data, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var runs = new List<TrainingRun>();
        if (!console.Profile.Capabilities.Ansi)
        {
            TrainEach(new PlainDisplay(console, options.Epochs));
            return runs;
        }

        console.Live(new Text("")).AutoClear(true).Start(context => TrainEach(new TerminalDisplay(context, options)));
        return runs;

        void TrainEach(ITrainingDisplay display)
        {
            foreach (OptimizerChoice choice in options.Optimizers.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
            {
                runs.Add(DigitsTraining.Run(options, data, choice, display, cancellationToken));
            }
        }
    }
}
