using LogisticRegression;
using OptimGen;

namespace Samples.Tests;

public class LogisticRegressionTests
{
    [Fact]
    public void It_comes_to_the_minimum_of_its_cost()
    {
        using var csv = new StreamReader(typeof(ExamTable).Assembly.GetManifestResourceStream("exams.csv")!);
        ExamTable table = ExamTable.Read(csv);
        var parameters = new ParameterSet();
        var model = new LogisticModel(table, parameters);
        var trainer = new Trainer(new MyAdam(parameters) { LearningRate = 0.05f }, table.Count, model.Cost) { BatchSize = table.Count };

        trainer.Train(epochs: 600);

        Assert.InRange(model.Accuracy, 0.8, 1);
        parameters.ZeroGradients();
        model.Cost(parameters, new MiniBatch([.. Enumerable.Range(0, table.Count)]));
        Assert.All(parameters.SelectMany(parameter => parameter.Gradients.ToArray()), slope => Assert.InRange(slope, -1e-3f, 1e-3f));
    }

    [Theory]
    [InlineData("studied,passed\n1,0\n2\n", "Line 3 is '2'")]
    [InlineData("studied,passed\n1,0\n2,yes\n", "Line 3 is '2,yes'")]
    public void A_bad_line_is_named(string csv, string reason)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => ExamTable.Read(new StringReader(csv)));

        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
    }
}
