using System.Runtime.InteropServices;
using Digits.Curvature;
using Digits.Data;
using Digits.Report;
using Digits.Terminal;
using Digits.Training;
using OptimGen;
using Samples.Shared;
using Spectre.Console;

namespace Digits;

/// <summary>Loads or generates the digits, trains with each optimizer, shows the results and writes the report.</summary>
internal static class DigitsCommand
{
    /// <summary>The conventional exit code of a command that Ctrl+C ended.</summary>
    public const int Interrupted = 130;

    /// <param name="options">The options.</param>
    /// <param name="console">Where the results are shown.</param>
    /// <param name="error">Receives what is refused.</param>
    /// <param name="communicator">The ranks that train together, of which rank 0 writes the report; <see langword="null"/> for one process.</param>
    /// <returns>The exit code.</returns>
    public static int Run(DigitsOptions options, IAnsiConsole console, TextWriter error, ICommunicator? communicator = null)
    {
        bool writesReport = communicator is null or { Rank: 0 };
        using var interrupt = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The first Ctrl+C ends training after the current step; a second one ends the process.
            signal.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        });

        if (writesReport)
        {
            SampleFile.RequireWritable(options.ReportPath);
        }

        DigitData data = options.MnistFolder is null ? DigitData.Draw(options.Seed) : Mnist.Read(options.MnistFolder);
        if (options.Batch == DigitsOptions.AdvisedBatch)
        {
            BatchSizeAdvice advice = BatchSizeAdvice.For(data.Training.Count, DigitsTraining.BytesPerExample, DigitsOptions.BatchMemory);
            options = options with { Batch = advice.BatchSize };
            console.Profile.Out.Writer.WriteLine(advice.Reason);
        }

        if (options.Batch > data.Training.Count)
        {
            error.WriteLine($"--batch is {options.Batch}, but there are only {data.Training.Count} examples to train on.");
            return SampleCommand.BadUsage;
        }

        if (options is { CheckpointFolder: { } folder, Resume: false } && RunCheckpoints.Existing(folder, options.Optimizers).FirstOrDefault() is { } existing)
        {
            error.WriteLine($"--checkpoint is {folder}, which has checkpoints of {existing.Key} already; add --resume to continue them, or name another folder.");
            return SampleCommand.BadUsage;
        }

        DigitsTraining[] trainings = [.. options.Optimizers.Select(choice => new DigitsTraining(options, data, choice, communicator))];
        ResumedRun[] resumed = options.Resume ? [.. trainings.Select(training => training.Resume())] : [];
        if (resumed.Select(run => run.Mismatch).FirstOrDefault(mismatch => mismatch is not null) is { } mismatch)
        {
            error.WriteLine(mismatch);
            return SampleCommand.BadUsage;
        }

        Summary.Introduce(console, options, data, [.. resumed.SelectMany(run => run.Lines)]);
        List<DigitsRun> runs = TrainAll(options, trainings, console, interrupt.Token);
        Summary.Conclude(console, runs);
        if (options.Landscape)
        {
            SurveyAll(trainings.Take(runs.Count), console, interrupt.Token);
        }

        List<CurvatureTable> curvatures = options.Curvature ? StudyCurvature(options, data, console, interrupt.Token) : [];
        if (writesReport)
        {
            new DigitsReport(options, data, runs, curvatures).Write(options.ReportPath);
            // Written to the underlying writer, because the console would wrap a long path.
            console.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(options.ReportPath)}");
        }

        return interrupt.IsCancellationRequested ? Interrupted : SampleCommand.Success;
    }

    private static void SurveyAll(IEnumerable<DigitsTraining> trainings, IAnsiConsole console, CancellationToken cancellationToken)
    {
        foreach (DigitsTraining training in trainings.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            try
            {
                training.Survey(cancellationToken);
                console.WriteLine($"Around {training.Run.Choice.Name}: {string.Join(" ", training.Run.Surfaces)}");
            }
            catch (InvalidOperationException notFinite)
            {
                console.WriteLine($"Around {training.Run.Choice.Name}: no landscape. {notFinite.Message}");
            }
            catch (OperationCanceledException)
            {
                // The report has the landscapes that are complete.
            }
        }
    }

    private static List<CurvatureTable> StudyCurvature(DigitsOptions options, DigitData data, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var tables = new List<CurvatureTable>();
        console.WriteLine(CurvatureTable.Introduction(PooledPerceptron<float>.ParameterCount));
        try
        {
            foreach (OptimizerChoice choice in options.Optimizers)
            {
                var records = new List<CurvatureRecord>();
                tables.Add(new CurvatureTable(choice.Name, records));
                records.AddRange(CurvatureStudy.Of(data.Training, choice, options, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // What was found before is shown.
        }

        CurvatureTable.Write(console, tables);
        return tables;
    }

    private static List<DigitsRun> TrainAll(
        DigitsOptions options, IReadOnlyList<DigitsTraining> trainings, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var runs = new List<DigitsRun>();
        if (!console.Profile.Capabilities.Ansi)
        {
            TrainEach(new PlainDisplay(console, options.Epochs));
            return runs;
        }

        console.Live(new Text("")).AutoClear(true).Start(context => TrainEach(new TerminalDisplay(context, options)));
        return runs;

        void TrainEach(ITrainingDisplay display)
        {
            foreach (DigitsTraining training in trainings.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
            {
                runs.Add(training.Run);
                training.Train(display, cancellationToken);
            }
        }
    }
}
