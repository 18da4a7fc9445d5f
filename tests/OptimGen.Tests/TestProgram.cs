using OptimGen.Tests.Checkpoints;
using OptimGen.Tests.CriticalPoints;
using OptimGen.Tests.Execution;
using OptimGen.Tests.Ranks;

namespace OptimGen.Tests;

/// <summary>The programs that tests run in other processes: <c>dotnet OptimGen.Tests.dll name arguments</c>.</summary>
internal static class TestProgram
{
    public const string Dispatch = "dispatch";
    public const string Train = "train";
    public const string AnalyzeCriticalPoint = "analyze-critical-point";
    public const string RunRanks = "run-ranks";

    public static int Main(string[] arguments) => arguments switch
    {
        [Dispatch] => DispatchProgram.Run(),
        [Train, string optimizer, string folder] => KilledRunProgram.Run(optimizer, folder),
        [AnalyzeCriticalPoint] => CriticalPointProgram.Run(),
        [RunRanks, string task] => RankProgram.Run(task),
        _ => throw new ArgumentException($"There is no program '{string.Join(' ', arguments)}'.", nameof(arguments)),
    };
}
