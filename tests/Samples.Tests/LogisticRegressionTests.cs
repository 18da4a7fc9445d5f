using System.Text;
using LogisticRegression;
using OptimGen;

namespace Samples.Tests;

public class LogisticRegressionTests
{
    [Fact]
    public void It_comes_to_the_minimum_of_its_cost()
    {
        using var csv = new StreamReader(typeof(ExamTable).Assembly.GetManifestResourceStream("exams.csv")!);
        var table = ExamTable.Read(csv, "exams.csv");
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
    [InlineData("", ", line 1: there are no headings")]
    [InlineData("\n", ", line 1, column 1 (''): this is the only column")]
    [InlineData("passed\n1\n0\n", ", line 1, column 1 ('passed'): this is the only column")]
    [InlineData("studied,passed\n", ", line 2: there are no rows")]
    [InlineData("studied,passed\n\n \n", ", line 2: there are no rows")]
    [InlineData("studied,passed\n1,0\n2\n", ", line 3, column 2 ('passed'): there is no value; the line is '2', 1 of 2 columns")]
    [InlineData("studied,passed\n1,0\n2,1,7\n", ", line 3, column 3: '7' has no heading")]
    [InlineData("studied,passed\n1,0\n2,yes\n", ", line 3, column 2 ('passed'): 'yes' is not a finite number")]
    [InlineData("studied,passed\n1,0\n\n,1\n", ", line 4, column 1 ('studied'): '' is not a finite number")]
    [InlineData("studied,passed\n1,0\nNaN,1\n", ", line 3, column 1 ('studied'): 'NaN' is not a finite number")]
    [InlineData("studied,passed\n1,0\n-Infinity,1\n", ", line 3, column 1 ('studied'): '-Infinity' is not a finite number")]
    [InlineData("studied,passed\n1,0\n1e39,1\n", ", line 3, column 1 ('studied'): '1e39' is not a finite number")]
    [InlineData("studied,passed\n1,0\n2,2\n", ", line 3, column 2 ('passed'): '2' is not a label, which is 0 or 1")]
    [InlineData("studied,passed\n1,0\n2,-1\n", ", line 3, column 2 ('passed'): '-1' is not a label, which is 0 or 1")]
    [InlineData("studied,passed\n1,0\n2,0.5\n", ", line 3, column 2 ('passed'): '0.5' is not a label, which is 0 or 1")]
    [InlineData("studied,passed\n1,1\n2,1\n", ", lines 2 to 3, column 2 ('passed'): every value is '1'; both 0 and 1 are needed")]
    [InlineData("studied,passed\n1,0\n\u001b[2J,1\n", ", line 3, column 1 ('studied'): '\uFFFD[2J' is not a finite number")]
    public void A_bad_file_is_one_line_that_names_line_column_and_value(string csv, string reason)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("scores.csv", Encoding.UTF8.GetBytes(csv));

        (int code, string output, string error) = Run(path);

        Assert.Equal((1, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith(path + reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal((1, "", $"There is no file {folder.File("scores.csv")}.\n"), Run(folder.File("scores.csv")));
        Assert.Equal((1, "", $"{folder.Path} is a folder; a file is needed.\n"), Run(folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("one.csv", "two.csv")]
    [InlineData("--rate", "1")]
    public void Bad_arguments_are_one_line_and_exit_code_2(params string[] args)
    {
        (int code, string output, string error) = Run(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    /// <summary>A file of one endless line, and one of endless lines.</summary>
    [Theory]
    [InlineData("\0", "longer than 65536 characters")]
    [InlineData("1,1\n", "longer than 16777216 characters")]
    public void A_file_is_not_read_without_bound(string repeated, string reason)
    {
        using var endless = new EndlessReader(repeated);

        var refusal = Assert.Throws<InvalidDataException>(() => ExamTable.Read(endless, "endless"));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Without rounding errors, overflow or a division by zero: a column of equal values, huge ones, tiny ones, and fewer rows than a batch.</summary>
    [Theory]
    [InlineData("0.1,2,0\n0.1,3,1\n0.1,4,1\n")]
    [InlineData("3e38,1,0\n-3e38,2,1\n3e38,3,1\n")]
    [InlineData("1e-45,1,0\n0,2,1\n")]
    public void Numbers_of_any_size_are_fitted(string rows)
    {
        using var folder = new TemporaryFolder();
        (int code, string output, string error) = Run(folder.Write("scores.csv", Encoding.UTF8.GetBytes("a,b,passed\r\n" + rows)));

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Completed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = RegressionCommand.Invoke(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class EndlessReader(string repeated) : TextReader
    {
        private int position;

        public override int Peek() => repeated[position];

        public override int Read()
        {
            int character = repeated[position];
            position = (position + 1) % repeated.Length;
            return character;
        }
    }
}
