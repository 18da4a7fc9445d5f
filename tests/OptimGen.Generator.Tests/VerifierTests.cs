using OptimGen.Generator.Tests.Harness;
using VerifyTests;
using Xunit.Sdk;

namespace OptimGen.Generator.Tests;

/// <summary>The snapshots' own helper; to be deleted with it.</summary>
public sealed class VerifierTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("snapshots").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task UnknownSnapshot_FailsAndLeavesTheReceivedText()
    {
        var exception = await Assert.ThrowsAsync<XunitException>(() => Verify());

        Assert.Contains("does not exist yet", exception.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(directory, "Tests.Method#*.received.cs"));
        Assert.Empty(Directory.GetFiles(directory, "*.verified.cs"));
    }

    [Fact]
    public async Task ChangedSnapshot_FailsWithTheFirstDifference()
    {
        await Accept();
        string file = Path.Combine(directory, "Tests.Method#Adam.g.verified.cs");
        string[] lines = await File.ReadAllLinesAsync(file);
        Assert.Equal("//HintName: Adam.g.cs", lines[0]);
        lines[4] = "#nullable disable";
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n");

        var exception = await Assert.ThrowsAsync<XunitException>(() => Verify());

        Assert.Contains("differs first in line 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("verified: #nullable disable", exception.Message, StringComparison.Ordinal);
        Assert.Contains("received: #nullable enable", exception.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(directory, "*.received.cs"));
    }

    [Fact]
    public async Task SnapshotThatIsNoLongerGenerated_Fails()
    {
        await Accept();
        await File.WriteAllTextAsync(Path.Combine(directory, "Tests.Method#Gone.verified.cs"), "");

        var exception = await Assert.ThrowsAsync<XunitException>(() => Verify());

        Assert.Contains("no longer generated", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EqualSnapshot_PassesAndRemovesWhatWasReceived()
    {
        await Accept();
        await Verify();
        Assert.Empty(Directory.GetFiles(directory, "*.received.cs"));
    }

    [Fact]
    public async Task Acceptance_IsAsked()
    {
        await Verify("OPTIMGEN_ACCEPT_SNAPSHOTS");
        await Verify();
        Assert.Single(Directory.GetFiles(directory, "*.verified.cs"));
    }

    [Fact]
    public async Task Acceptance_IsRefusedInABuild()
    {
        var exception = await Assert.ThrowsAsync<XunitException>(() => Verify("OPTIMGEN_ACCEPT_SNAPSHOTS", "CI"));

        Assert.Contains("where CI is set", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(directory));
    }

    /// <param name="set">The environment variables that are 1.</param>
    private async Task Verify(params string[] set) => await new SettingsTask(
        GeneratorTest.Run(Optimizers.Source("Adam")).Driver.GetRunResult(), Path.Combine(directory, "Tests.cs"), "Method", name => set.Contains(name) ? "1" : null);

    /// <summary>As a person would: renames what was received.</summary>
    private async Task Accept()
    {
        await Assert.ThrowsAsync<XunitException>(() => Verify());
        foreach (string file in Directory.GetFiles(directory, "*.received.cs"))
        {
            File.Move(file, file.Replace(".received.", ".verified.", StringComparison.Ordinal));
        }
    }
}
