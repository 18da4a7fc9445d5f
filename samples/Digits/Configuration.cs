using System.Globalization;
using Digits.Data;
using Digits.Terminal;
using Digits.Training;
using OptimGen;

namespace Digits;

/// <summary>The configuration of a run as text, for the terminal and for the report.</summary>
internal static class Configuration
{
    public static IReadOnlyList<(string Name, string Value)> Of(DigitsOptions options, DigitData data) =>
    [
        ("Data", data.Source),
        ("Examples", $"{Figures.Count(data.Training.Count)} to train, {Figures.Count(data.HeldOut.Count)} held out"),
        ("Network", $"{string.Join('-', DigitsTraining.LayerSizes)}, ReLU, softmax cross-entropy, He initialization"),
        ("Training", string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Epochs} {(options.Epochs == 1 ? "epoch" : "epochs")}, batch {options.Batch}, decay {options.Decay}, seed {options.Seed}")),
        .. options.StateStorage == Storage.Native ? [] : new[] { ("States", $"{options.StateStorage}, rounded stochastically") },
        .. options.Ranks ? new[] { ("Ranks", $"each mini-batch in {DigitsOptions.Shards} shards, divided among the processes of mpirun") } : [],
        ("Instruction set", $"{InstructionSets.Selected} ({Environment.ProcessorCount} cores)"),
    ];
}
