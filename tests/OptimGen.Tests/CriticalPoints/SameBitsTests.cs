using System.Diagnostics;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>An analysis has the same bits in processes in which switches of the .NET runtime disable instruction sets.</summary>
public class SameBitsTests
{
    [Fact]
    public void EveryWidthOfVector_GivesTheSameBits()
    {
        string all = BitsWith();
        Assert.Equal(64, all.Length);
        Assert.Equal(all, BitsWith(("DOTNET_EnableAVX512", "0")));
        Assert.Equal(all, BitsWith(("DOTNET_EnableAVX2", "0")));
        Assert.Equal(all, BitsWith(("DOTNET_EnableHWIntrinsic", "0")));
    }

    private static string BitsWith(params (string Name, string Value)[] variables)
    {
        using Process process = TestProcess.Start([TestProgram.AnalyzeCriticalPoint], variables);
        string output = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return output.Trim();
    }
}
