using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Digits.Curvature;
using OptimGen;
using Samples.Shared;

namespace Digits;

/// <summary>The options of the command, what they mean, and what is refused.</summary>
internal static class CommandLine
{
    private const string AllOptimizers = "all";

    /// <summary>
    /// The step size must be finite in single precision. It is the rate, times up to 10 by bias correction, times up to 1e6 by a decay.
    /// </summary>
    private const float LargestRate = 1e30f;

    private static readonly Option<string?> Mnist = SampleCommand.PathOption(
        "--mnist",
        "folder",
        "Train on MNIST: a folder with its IDX files, gzipped or not. With the t10k pair alone, its first 8,000 digits are "
            + "trained on and its last 2,000 held out. [default: digits that the sample draws itself]");

    private static readonly Option<IReadOnlyList<OptimizerChoice>?> Optimizer = new("--optimizer")
    {
        Description = $"{string.Join(", ", OptimizerChoice.All.Select(choice => choice.Key))}, or {AllOptimizers} [default: {AllOptimizers}]",
        HelpName = "name",
        CustomParser = ReadOptimizers,
    };

    private static readonly Option<int> Epochs = Number("--epochs", "Passes over the examples", 6, least: 1);

    private const string AutoBatch = "auto";

    private static readonly Option<int> Batch = new("--batch")
    {
        Description = $"Examples in a mini-batch, or {AutoBatch}: what the library advises for the number of examples and {DigitsOptions.BatchMemory >> 10} KiB, about a second-level cache",
        HelpName = "number",
        DefaultValueFactory = _ => 64,
        CustomParser = ReadBatch,
    };

    private static readonly Option<double?> Rate = new("--rate")
    {
        Description = "The learning rate α₀, for every optimizer chosen [default: 0.1 for gradient-descent and momentum, 0.001 for rmsprop and adam]",
        HelpName = "number",
        CustomParser = ReadRate,
    };

    private static readonly Option<Decay> DecayForm = new("--decay")
    {
        Description = "How the learning rate falls, by the epoch n = 1, 2, …:\n"
            + string.Concat(Decay.Forms.Select(form => $"{form.Form,-16}{form.Meaning}\n"))
            + $"With {Decay.PerStep} behind it, as in sqrt:1{Decay.PerStep}, n counts steps.",
        HelpName = "form",
        CustomParser = ReadDecay,
        DefaultValueFactory = _ => Decay.None,
    };

    private static readonly Option<int> Seed = Number(
        "--seed", "Of the drawn digits, the initial weights and the order of the examples", 1, least: 0);

    private static readonly Option<string?> Report = SampleCommand.PathOption("--report", "file", "The page to write", "report.html");

    private static readonly Option<string?> CheckpointFolder = SampleCommand.PathOption(
        "--checkpoint", "folder", "Save checkpoints in this folder after each epoch and every 30 seconds, each optimizer in a folder of its own; the last 3 are kept");

    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Continue from the newest checkpoints in the folder of --checkpoint; needs the same options as before, but --epochs may be more",
    };

    private static readonly Option<bool> Curvature = new("--curvature")
    {
        Description = $"Train a network of {PooledPerceptron<float>.ParameterCount} parameters, too, and count at six points of its training in how many directions the cost curves down: the negative "
            + "eigenvalues of its whole Hessian; about 3 seconds for each optimizer",
    };

    private static readonly Option<bool> Landscape = new("--landscape")
    {
        Description = "Draw in the report the cost around each network, over two random directions and over those of extreme curvature; about 4 seconds for each optimizer",
    };

    private static readonly Option<Storage> StateStorage = SampleCommand.ChoiceOption<Storage>(
        "--state-storage", "How states are kept between steps: native (4 bytes), bfloat16 (2 bytes) or block8 (1 byte)");

    private static readonly Option<bool> Ranks = new("--ranks")
    {
        Description = $"Train on all processes that mpirun has started, as in mpirun -n 4 dotnet Digits.dll --ranks: each mini-batch is cut into {DigitsOptions.Shards} shards, which the processes "
            + "divide among them, and each keeps a part of the optimizer's states. The bits are the same for any number of processes, also for one without mpirun",
    };

    /// <summary>Reads the arguments and passes the options to <paramref name="run"/>. An error in them is printed as one line.</summary>
    /// <returns>The exit code: that of <paramref name="run"/>, or one of <see cref="SampleCommand"/>.</returns>
    public static int Invoke(string[] args, TextWriter output, TextWriter error, Func<DigitsOptions, int> run)
    {
        var command = new RootCommand(
            "Trains a small network to read digits, with optimizers that are declared by attributes (Optimizers.cs), and writes a report.")
        {
            Mnist, Optimizer, Epochs, Batch, Rate, DecayForm, Seed, Report, CheckpointFolder, Resume, Curvature, Landscape, StateStorage, Ranks,
        };
        command.Validators.Add(read =>
        {
            if (read.GetValue(Resume) && read.GetValue(CheckpointFolder) is null)
            {
                read.AddError("--resume needs --checkpoint, the folder to continue from.");
            }
        });
        command.SetAction(read => run(new DigitsOptions(
            read.GetValue(Mnist),
            read.GetValue(Optimizer) ?? OptimizerChoice.All,
            read.GetValue(Epochs),
            read.GetValue(Batch),
            read.GetValue(Rate),
            read.GetRequiredValue(DecayForm),
            read.GetValue(Seed),
            read.GetRequiredValue(Report)!,
            read.GetValue(CheckpointFolder),
            read.GetValue(Resume),
            read.GetValue(Curvature),
            read.GetValue(Landscape),
            read.GetValue(StateStorage),
            read.GetValue(Ranks))));

        return SampleCommand.Invoke(command, args, output, error);
    }

    private static Option<int> Number(string name, string description, int usual, int least) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < least)
            {
                result.AddError($"{name} is '{text}'; it must be a whole number, {least} or more.");
            }

            return number;
        },
    };

    private static int ReadBatch(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (text == AutoBatch)
        {
            return DigitsOptions.AdvisedBatch;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            result.AddError($"--batch is '{text}'; it must be a whole number, 1 or more, or {AutoBatch}.");
        }

        return number;
    }

    private static double? ReadRate(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        // Checked in single precision, the type of the parameters.
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float single) || !(single > 0 && single <= LargestRate))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"--rate is '{text}'; it must be greater than 0 and at most {LargestRate}, such as 0.001."));
            return null;
        }

        return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static OptimizerChoice[]? ReadOptimizers(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        OptimizerChoice[] chosen = [.. OptimizerChoice.All.Where(choice => text == AllOptimizers || text == choice.Key)];
        if (chosen.Length == 0)
        {
            string known = string.Join(", ", OptimizerChoice.All.Select(choice => choice.Key).Append(AllOptimizers));
            result.AddError($"--optimizer is '{text}'; it must be one of {known}.");
        }

        return chosen;
    }

    private static Decay ReadDecay(ArgumentResult result)
    {
        try
        {
            return Decay.Parse(result.Tokens[^1].Value);
        }
        catch (FormatException refusal)
        {
            result.AddError($"--decay: {refusal.Message}");
            return Decay.None;
        }
    }
}
