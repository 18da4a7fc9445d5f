using System.Globalization;
using LogisticRegression;
using OptimGen;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var csv = new StreamReader(args is [var file] ? File.OpenRead(file) : typeof(ExamTable).Assembly.GetManifestResourceStream("exams.csv")!);
ExamTable table = ExamTable.Read(csv);

var parameters = new ParameterSet();
var model = new LogisticModel(table, parameters);
var optimizer = new MyAdam(parameters) { LearningRate = 0.05f };
TrainingResult result = new Trainer(optimizer, table.Count, model.Cost) { BatchSize = 16, Seed = 1 }.Train(epochs: 100);

Console.WriteLine($"{result.Outcome} after {optimizer.StepCount} steps on {optimizer.InstructionSet}: accuracy {model.Accuracy:P1}");
Console.WriteLine($"score = {string.Join(" ", model.Weights.ToArray().Select((weight, k) => $"{weight:+0.000;-0.000}·x{k + 1}"))} {model.Bias:+0.000;-0.000}");
