namespace OptimGen.Tests.Ranks;

/// <summary>Adam, declared with states in blocks, for which it has kernels of its own.</summary>
[Optimizer(StateStorage = Storage.Block8), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
internal sealed partial class AdamInBlocks;
