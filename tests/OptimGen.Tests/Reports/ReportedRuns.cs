using OptimGen.Tests.Training;

namespace OptimGen.Tests.Reports;

/// <summary>Small runs for reports.</summary>
internal static class ReportedRuns
{
    /// <summary>Characters that mean something in HTML, CSV or JSON, or are allowed in none.</summary>
    public const string OddName = "<a href=\"x\">&'quoted',\n\"\u0001\\ \uD800 =1+1";

    /// <summary>A trainer that has taken six steps in two epochs, and recorded a metric with every kind of value.</summary>
    public static Trainer<double> Trainer(string metric = "validation.cost", double cost = 1)
    {
        ParameterSet<double> parameters = Regression.Parameters();
        parameters.AddGroup("<slow>").Add("slow", 1);
        var optimizer = new GradientDescent<double>(parameters) { LearningRate = 0.25 };
        optimizer.SetHyperparameter(parameters.Groups[1], "LearningRate", 0.125);
        var trainer = new Trainer<double>(optimizer, 10, (_, batch) => cost / batch.Step) { BatchSize = 4, Seed = 7 };
        trainer.Train(1);
        trainer.Metrics.Record(metric, 0.5);
        trainer.Metrics.Record(metric, double.NaN);
        trainer.Metrics.Record(metric, double.PositiveInfinity);
        trainer.Train(1);
        trainer.Metrics.Record(metric, double.NegativeInfinity);
        trainer.Metrics.Record(metric, -1e-300);
        return trainer;
    }

    public static TrainingRun Run(string name = "run", double cost = 1) => TrainingRun.Of(name, Trainer(cost: cost));
}
