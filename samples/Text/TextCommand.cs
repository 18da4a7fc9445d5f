using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using OptimGen;
using Samples.Shared;

namespace Text;

/// <summary>Trains the character model with parameters and states in a chosen form, and prints the cost of each epoch.</summary>
internal static class TextCommand
{
    private const int Window = 32, HeldOutWindows = 256;

    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args, TextWriter output, TextWriter error)
    {
        Option<int> epochs = Number("--epochs", "Passes over the text", 1, 1000, usual: 8), seed = Number("--seed", "Of the text, the model and the shuffling", 0, int.MaxValue, usual: 1);
        Option<int> hidden = Number("--hidden", "Cells of the model, a multiple of 16: 512 make 1.1 million parameters", 16, 4096, usual: 512);
        Option<int> windows = Number("--windows", $"Windows of {Window} characters to train on", 32, 1 << 20, usual: 2048);
        Option<Storage> states = SampleCommand.ChoiceOption<Storage>("--states", "The form of Adam's states");
        Option<Storage> form = SampleCommand.ChoiceOption<Storage>("--parameters", "The form of parameters and gradients: native or bfloat16");
        Option<StorageRounding> rounding = SampleCommand.ChoiceOption<StorageRounding>("--rounding", "How the states are rounded");
        Option<BFloat16Update> update = SampleCommand.ChoiceOption<BFloat16Update>("--update", "How parameters in bfloat16 are updated");
        hidden.Validators.Add(result =>
        {
            if (result.GetValue(hidden) % 16 != 0)
            {
                result.AddError($"--hidden is {result.GetValue(hidden)}; it must be a multiple of 16.");
            }
        });
        form.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValue(form) == Storage.Block8)
            {
                result.AddError("--parameters is block8; it must be native or bfloat16.");
            }
        });
        var command = new RootCommand("Trains a recurrent network to tell stories, character by character, with numbers kept in fewer bits.")
        {
            epochs, seed, hidden, windows, states, rounding, form, update,
        };
        command.SetAction(read =>
        {
            var options = new OptimizerOptions
            {
                StateStorage = read.GetValue(states), StateRounding = read.GetValue(rounding), BFloat16Update = read.GetValue(update),
                RoundingSeed = (ulong)read.GetValue(seed),
            };
            var storage = new ParameterStorage { Values = read.GetValue(form), Gradients = read.GetValue(form) };
            Train(output, options, storage, read.GetValue(epochs), read.GetValue(seed), read.GetValue(hidden), read.GetValue(windows));
            return SampleCommand.Success;
        });
        return SampleCommand.Invoke(command, args, output, error);
    }

    private static void Train(TextWriter output, OptimizerOptions options, ParameterStorage storage, int epochs, int seed, int hidden, int windows)
    {
        (string story, double least) = new Storyteller(seed).Tell(((windows + HeldOutWindows) * Window) + 1);
        var text = new CharacterText(story, Window);
        var parameters = new ParameterSet();
        var model = new CharacterModel(text, parameters, hidden, storage, seed);
        var optimizer = new Adam(parameters, options) { LearningRate = 2e-3f, MaxGradientNorm = 1 };
        var trainer = new Trainer(optimizer, windows, (_, batch) => model.Cost(batch.Examples)) { BatchSize = 32, Seed = seed };
        int[] heldOut = [.. Enumerable.Range(windows, HeldOutWindows)];

        long parameterBytes = parameters.Sum(parameter => (long)parameter.Length * (Bytes(parameter.ValueStorage) + Bytes(parameter.GradientStorage)));
        output.WriteLine($"Text: {story[..story.IndexOf('.')]}. …");
        output.WriteLine(Line($"{parameters.ElementCount:N0} parameters; with their gradients {parameterBytes / 1e6:N2} MB, Adam's states {optimizer.StateBytes / 1e6:N2} MB"));
        output.WriteLine(Line($"Under its own grammar a character costs {least:N4} nats; at the start of a window there is more to guess."));
        var clock = Stopwatch.StartNew();
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            TrainingResult result = trainer.Train(1);
            output.WriteLine(Line($"epoch {epoch}: cost {result.FinalMeanCost:N4}, held out {HeldOutCost(model, heldOut):N4}  ({clock.Elapsed.TotalSeconds:N0} s)"));
        }
    }

    private static double HeldOutCost(CharacterModel model, int[] heldOut) =>
        Enumerable.Range(0, HeldOutWindows / 32).Average(batch => model.CostAlone(heldOut.AsSpan(batch * 32, 32)));

    private static int Bytes(Storage storage) => storage == Storage.BFloat16 ? sizeof(ushort) : sizeof(float);

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Option<int> Number(string name, string description, int least, int most, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any())
            {
                return;
            }

            int value = result.GetValue(option);
            if (value < least || value > most)
            {
                result.AddError($"{name} is {value}; it must be from {least} to {most}.");
            }
        });
        return option;
    }
}
