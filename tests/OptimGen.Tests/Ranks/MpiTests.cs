namespace OptimGen.Tests.Ranks;

/// <summary>Ranks that are processes, over the MPI libraries of this machine.</summary>
public class MpiTests(StandardAbi standard) : IClassFixture<StandardAbi>
{
    [SkippableTheory]
    [InlineData(1, MpiInstallation.OpenMpi)]
    [InlineData(2, MpiInstallation.OpenMpi)]
    [InlineData(3, MpiInstallation.OpenMpi)]
    [InlineData(4, MpiInstallation.OpenMpi)]
    [InlineData(3, MpiInstallation.Mpich)]
    [InlineData(3, MpiInstallation.Standard)]
    public void Step_HasTheBitsOfOneProcess(int size, string library)
    {
        (int exitCode, string output, string errors) = Launch(size, RankProgram.Step, library);
        Assert.True(exitCode == 0, output + errors);
        string alone = RankProgram.StepAndHash(null);
        Assert.Equal(Enumerable.Range(0, size).Select(rank => $"{rank} of {size}: {alone}"), LinesOf(output));
    }

    [SkippableTheory]
    [InlineData(MpiInstallation.OpenMpi)]
    [InlineData(MpiInstallation.Mpich)]
    [InlineData(MpiInstallation.Standard)]
    public void LongMessages_ArriveWhole_WhenAllSendAtOnce(string library)
    {
        (int exitCode, string output, string errors) = Launch(3, RankProgram.Exchange, library);
        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(Enumerable.Range(0, 3).Select(rank => $"{rank} of 3: {library}"), LinesOf(output));
    }

    /// <summary>A message that is longer than its receiver expects is an error of MPI, which must come back and not end the processes.</summary>
    [SkippableTheory]
    [InlineData(MpiInstallation.OpenMpi)]
    [InlineData(MpiInstallation.Mpich)]
    [InlineData(MpiInstallation.Standard)]
    public void ErrorOfTheLibrary_IsThrown_WithItsText(string library)
    {
        (int exitCode, string output, string errors) = Launch(2, RankProgram.Truncate, library);
        Assert.True(exitCode == 0, output + errors);
        Assert.Matches($"^0 of 2: MPI_Test of {library} failed: .*(?i:truncated)", Assert.Single(LinesOf(output)));
    }

    [SkippableTheory]
    [InlineData(MpiInstallation.OpenMpi)]
    [InlineData(MpiInstallation.Mpich)]
    [InlineData(MpiInstallation.Standard)]
    public void RankThatThrows_EndsTheOthers_AndIsNamed(string library)
    {
        (int exitCode, _, string errors) = Launch(3, RankProgram.Throw, library);
        Assert.NotEqual(0, exitCode);
        // On a busy machine the launcher of MPICH may end the job before it has read what the rank wrote.
        if (library != MpiInstallation.Mpich || errors.Length > 0)
        {
            Assert.Contains("Rank 1 of 3 has ended the others: System.FormatException: no digits", errors, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void RankThatHangs_IsNamedByThoseThatWait()
    {
        (int exitCode, _, string errors) = Launch(3, RankProgram.Hang, MpiInstallation.OpenMpi);
        Assert.NotEqual(0, exitCode);
        Assert.Matches("Rank [02] of 3 has ended the others: rank 1 does not answer; rank [02] has waited for it for 1 s", errors);
    }

    [SkippableFact]
    public void RankThatDies_EndsTheOthers_AndTheLauncherNamesIt()
    {
        (int exitCode, string output, string errors) = Launch(3, RankProgram.Die, MpiInstallation.OpenMpi);
        Assert.NotEqual(0, exitCode);
        Assert.Matches("(?i)rank 1\\b", output + errors);
    }

    private static IEnumerable<string> LinesOf(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private (int ExitCode, string Output, string Errors) Launch(int size, string task, string library) => MpiInstallation.Require(library, standard).Launch(size, task);
}
