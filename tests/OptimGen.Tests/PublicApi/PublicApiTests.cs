using System.Runtime.CompilerServices;

namespace OptimGen.Tests.PublicApi;

/// <summary>
/// The public API is what the list says: a change of it is seen in version control, and so is one that breaks programs.
/// <c>OPTIMGEN_ACCEPT_SNAPSHOTS=1 dotnet test</c> writes the list anew.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void TheApi_IsTheOneOfTheList()
    {
        string api = ApiText.Of(typeof(Optimizer).Assembly), path = Path.Combine(Path.GetDirectoryName(SourcePath())!, "PublicApi.verified.txt");
        if (Environment.GetEnvironmentVariable("OPTIMGEN_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, api);
        }

        string[] listed = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n'), actual = api.Split('\n');
        Assert.True(listed.SequenceEqual(actual), $"""
            The public API is not the one of {path}.
            Only there: {string.Join("\n    ", listed.Except(actual))}
            Only in the library: {string.Join("\n    ", actual.Except(listed))}
            If it is meant: OPTIMGEN_ACCEPT_SNAPSHOTS=1 dotnet test, and read the difference in version control.
            """);
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
