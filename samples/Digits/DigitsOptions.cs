namespace Digits;

/// <summary>The options of the command line.</summary>
/// <param name="MnistFolder">The folder of MNIST's files, or <see langword="null"/> for generated digits.</param>
/// <param name="Optimizers">The optimizers to train with, one after another.</param>
/// <param name="Epochs">The number of passes over the examples.</param>
/// <param name="Batch">The examples in a mini-batch.</param>
/// <param name="Rate">The initial learning rate of each optimizer, or <see langword="null"/> for the rate of its declaration.</param>
/// <param name="Decay">How the rate falls.</param>
/// <param name="Seed">The seed of the drawn digits, of the initial weights and of the order of the examples.</param>
/// <param name="ReportPath">The file that the report is written to.</param>
/// <param name="CheckpointFolder">The folder of the checkpoints, or <see langword="null"/> for none.</param>
/// <param name="Resume">Whether training continues from the newest checkpoints in the folder.</param>
internal sealed record DigitsOptions(
    string? MnistFolder,
    IReadOnlyList<OptimizerChoice> Optimizers,
    int Epochs,
    int Batch,
    double? Rate,
    Decay Decay,
    int Seed,
    string ReportPath,
    string? CheckpointFolder = null,
    bool Resume = false);
