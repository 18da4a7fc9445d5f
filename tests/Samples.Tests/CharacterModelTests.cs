using OptimGen;
using Text;

namespace Samples.Tests;

public sealed class CharacterModelTests
{
    private const int Hidden = 16, Window = 7, Outputs = 32;

    // No multiple of the four rows that are computed together.
    private static readonly int[] Windows = [3, 0, 5, 11, 7];

    [Fact]
    public void The_text_is_made_of_sentences_and_repeats_for_a_seed()
    {
        (string text, double cost) = new Storyteller(5).Tell(5000);
        Assert.Equal(5000, text.Length);
        Assert.Equal(text, new Storyteller(5).Tell(5000).Text);
        Assert.NotEqual(text, new Storyteller(6).Tell(5000).Text);
        Assert.All(text, character => Assert.Contains(character, CharacterText.Alphabet));
        Assert.InRange(cost, 0.3, 0.5);
        Assert.All(text.Split(". ")[..^1], sentence => Assert.Matches("^(\\w+ and \\w+ are \\w+|(the|a) .+ (the|a) .+)$", sentence));
    }

    [Fact]
    public void Cost_and_gradient_are_those_of_double_precision()
    {
        (CharacterText text, ParameterSet parameters, CharacterModel model) = Make(new ParameterStorage());
        double cost = model.Cost(Windows);
        Assert.Equal(DoubleCost(text, parameters, null, 0), cost, 5);
        Assert.Equal(cost, model.CostAlone(Windows));

        var random = new Random(4);
        foreach (Parameter<float> parameter in parameters)
        {
            for (int trial = 0; trial < 20; trial++)
            {
                int element = random.Next(parameter.Length);
                const double Step = 1e-5;
                double slope = (DoubleCost(text, parameters, (parameter.Name, element), Step) - DoubleCost(text, parameters, (parameter.Name, element), -Step)) / (2 * Step);
                double error = Math.Abs(slope - parameter.Gradients[element]);
                Assert.True(error < 1e-6 + (1e-4 * Math.Abs(slope)), $"{parameter} [{element}]: {parameter.Gradients[element]} for {slope}");
            }
        }
    }

    /// <summary>In bfloat16 it is the model of the rounded values.</summary>
    [Fact]
    public void Parameters_in_bfloat16_are_read_and_written()
    {
        (_, ParameterSet parameters, CharacterModel model) = Make(ParameterStorage.BFloat16);
        (_, ParameterSet singles, CharacterModel other) = Make(new ParameterStorage());
        for (int i = 0; i < singles.Count; i++)
        {
            parameters[i].CopyValuesTo(singles[i].Values);
        }

        Assert.Equal(other.Cost(Windows), model.Cost(Windows));
        Assert.Equal(singles[1].Gradients.ToArray().Select(gradient => BFloat16.FromSingle(gradient)), parameters[1].BFloat16Gradients.ToArray());
    }

    [Theory]
    [InlineData("--states", "block8", "--parameters", "bfloat16", "--update", "kahan")]
    [InlineData("--states", "bfloat16", "--rounding", "nearest")]
    [InlineData("--parameters", "bfloat16", "--update", "split")]
    public void The_command_trains(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(0, TextCommand.Invoke(["--epochs", "2", "--hidden", "32", "--windows", "64", .. arguments], output, error));
        Assert.Empty(error.ToString());
        Assert.Contains("epoch 2: cost ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hidden", "17")]
    [InlineData("--windows", "5")]
    [InlineData("--parameters", "block8")]
    [InlineData("--update", "never")]
    public void Bad_usage_is_told_in_one_line(string option, string value)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, TextCommand.Invoke([option, value], output, error));
        Assert.Contains(value, error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.ToString().TrimEnd().Split('\n'));
    }

    private static (CharacterText Text, ParameterSet Parameters, CharacterModel Model) Make(ParameterStorage storage)
    {
        var text = new CharacterText(new Storyteller(3).Tell((20 * Window) + 1).Text, Window);
        var parameters = new ParameterSet();
        return (text, parameters, new CharacterModel(text, parameters, Hidden, storage, seed: 2));
    }

    /// <summary>The mean cost by the definition, in double, a character at a time, with one parameter moved.</summary>
    private static double DoubleCost(CharacterText text, ParameterSet parameters, (string Name, int Element)? moved, double by)
    {
        double[] Of(string name)
        {
            double[] values = [.. parameters[name].Values.ToArray().Select(value => (double)value)];
            if (moved is { } place && place.Name == name)
            {
                values[place.Element] += by;
            }

            return values;
        }

        double[] input = Of("input"), recurrent = Of("recurrent"), bias = Of("bias"), output = Of("output"), outputBias = Of("outputBias");
        double cost = 0;
        foreach (int window in Windows)
        {
            double[] state = new double[Hidden], cell = new double[Hidden];
            for (int t = 0; t < Window; t++)
            {
                double Gate(int gate, int k) =>
                    input[(text[window, t] * 4 * Hidden) + (gate * Hidden) + k] + bias[(gate * Hidden) + k]
                    + Enumerable.Range(0, Hidden).Sum(j => state[j] * recurrent[(j * 4 * Hidden) + (gate * Hidden) + k]);

                double[] newState = new double[Hidden], newCell = new double[Hidden];
                for (int k = 0; k < Hidden; k++)
                {
                    newCell[k] = (Sigmoid(Gate(1, k)) * cell[k]) + (Sigmoid(Gate(0, k)) * Math.Tanh(Gate(2, k)));
                    newState[k] = Sigmoid(Gate(3, k)) * Math.Tanh(newCell[k]);
                }

                (state, cell) = (newState, newCell);
                double[] logits = [.. Enumerable.Range(0, Outputs).Select(z => outputBias[z] + Enumerable.Range(0, Hidden).Sum(j => state[j] * output[(j * Outputs) + z]))];
                cost += Math.Log(logits.Sum(Math.Exp)) - logits[text[window, t + 1]];
            }
        }

        return cost / (Windows.Length * Window);

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
