using OptimGen;

namespace Digits;

/// <summary>The options of the command line.</summary>
/// <param name="MnistFolder">The folder of MNIST's files, or <see langword="null"/> for generated digits.</param>
/// <param name="Optimizers">The optimizers to train with, one after another.</param>
/// <param name="Epochs">The number of passes over the examples.</param>
/// <param name="Batch">The examples in a mini-batch; <see cref="AdvisedBatch"/> until the data are known, if the library is to advise.</param>
/// <param name="Rate">The initial learning rate of each optimizer, or <see langword="null"/> for the rate of its declaration.</param>
/// <param name="Decay">How the rate falls.</param>
/// <param name="Seed">The seed of the drawn digits, of the initial weights and of the order of the examples.</param>
/// <param name="ReportPath">The file that the report is written to.</param>
/// <param name="CheckpointFolder">The folder of the checkpoints, or <see langword="null"/> for none.</param>
/// <param name="Resume">Whether training continues from the newest checkpoints in the folder.</param>
/// <param name="Curvature">Whether a small network is trained, too, and the negative eigenvalues of its Hessian are counted.</param>
/// <param name="Landscape">Whether the report shows the cost around each network.</param>
/// <param name="StateStorage">In which form the optimizers keep their states between steps.</param>
/// <param name="Ranks">Whether the processes that <c>mpirun</c> has started train together.</param>
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
    bool Resume = false,
    bool Curvature = false,
    bool Landscape = false,
    Storage StateStorage = Storage.Native,
    bool Ranks = false)
{
    /// <summary>The shards of a mini-batch with <see cref="Ranks"/>: fixed, so that the bits do not depend on the number of processes.</summary>
    public const int Shards = 8;

    /// <summary>The value of <see cref="Batch"/> that asks for advice.</summary>
    public const int AdvisedBatch = 0;

    /// <summary>The memory of a mini-batch that the advice assumes: a second-level cache.</summary>
    public const long BatchMemory = 1 << 20;
}
