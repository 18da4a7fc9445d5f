using System.CommandLine;
using System.Globalization;
using OptimGen;
using Samples.Shared;

namespace LogisticRegression;

/// <summary>Reads the table, fits the model and prints it.</summary>
internal static class RegressionCommand
{
    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args, TextWriter output, TextWriter error)
    {
        var csv = new Argument<string?>("csv")
        {
            Description = "A CSV file: a line of headings, then numbers, the last of each line 0 or 1 [default: made-up exams]",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result => SampleCommand.ReadPath(result, "The argument csv", "file"),
        };
        var command = new RootCommand("Fits P(last column is 1) to the other columns by logistic regression, with an Adam that is declared by attributes.") { csv };
        command.SetAction(read => Run(read.GetValue(csv), output));
        return SampleCommand.Invoke(command, args, output, error);
    }

    private static int Run(string? path, TextWriter output)
    {
        const string BuiltIn = "exams.csv";
        using var csv = path is null ? new StreamReader(typeof(ExamTable).Assembly.GetManifestResourceStream(BuiltIn)!) : SampleFile.OpenText(path);
        var table = ExamTable.Read(csv, path ?? BuiltIn);

        var parameters = new ParameterSet();
        var model = new LogisticModel(table, parameters);
        var optimizer = new MyAdam(parameters) { LearningRate = 0.05f };
        TrainingResult result = new Trainer(optimizer, table.Count, model.Cost) { BatchSize = Math.Min(16, table.Count), Seed = 1 }.Train(epochs: 100);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Outcome} after {optimizer.StepCount} steps on {optimizer.InstructionSet}: accuracy {model.Accuracy:P1}"));
        string terms = string.Join(' ', model.Weights.ToArray().Select((weight, k) => string.Create(CultureInfo.InvariantCulture, $"{weight:+0.000;-0.000}·x{k + 1}")));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"score = {terms} {model.Bias:+0.000;-0.000}"));
        return SampleCommand.Success;
    }
}
