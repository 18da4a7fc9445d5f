using OptimGen.Generator.Tests.Harness;
using VerifyTests;
using VerifyXunit;

namespace OptimGen.Generator.Tests;

/// <summary>
/// The generated text, as a user reads it. Four rules are kept whole; of the others the surface and the widest kernel, which the other
/// kernels follow line by line.
/// </summary>
public class SnapshotTests
{
    [Fact]
    public async Task GradientDescent() => await Verifier.Verify(Run()).UseDirectory("Snapshots");

    [Fact]
    public async Task Adam() => await Verifier.Verify(Run()).UseDirectory("Snapshots");

    /// <summary>It has a second kernel.</summary>
    [Fact]
    public async Task Centered() => await Verifier.Verify(Run()).UseDirectory("Snapshots");

    /// <summary>It selects.</summary>
    [Fact]
    public async Task Signum() => await Verifier.Verify(Run()).UseDirectory("Snapshots");

    [Fact]
    public async Task Momentum() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Nesterov() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task RmsProp() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task AdamW() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task NAdam() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task AmsGrad() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Adamax() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task AdagradMean() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Average() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Adadelta() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Everything() => await WidestOnly(Verifier.Verify(Run()));

    [Fact]
    public async Task Nested() => await WidestOnly(Verifier.Verify(Run()));

    private static Microsoft.CodeAnalysis.GeneratorDriver Run([System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        GeneratorTest.Run(Optimizers.Source(name)).Driver;

    private static SettingsTask WidestOnly(SettingsTask task) => task
        .UseDirectory("Snapshots")
        .IgnoreGeneratedResult(source => new[] { ".Avx2.", ".Neon.", ".Scalar." }.Any(set => source.HintName.Contains(set, StringComparison.Ordinal)));
}
