using System.Diagnostics;
using OptimGen;
using OptimGen.Samples.Benchmark;

// Times a step of Adam against its peers, all in one run: the contestants take turns, and each ratio is that of a turn's own pair, so that a
// disturbance of the machine hits both. What counts is the median of the ratios.
const int Rounds = 41;
const int WarmUpRounds = 5;
const long ElementsPerTurn = 1 << 22;

Console.WriteLine($"Adam, one thread, {InstructionSets.Selected}. Time of each contestant over OptimGen's: median of {Rounds} paired ratios (quartiles).");
Console.WriteLine();
foreach (int length in (int[])[1 << 12, 1 << 17, 1 << 20, 1 << 24])
{
    IContestant[] contestants = [new Fused(length, refuseNonFinite: true), new Fused(length, refuseNonFinite: false), new TensorPasses(length), new PlainLoop(length)];
    int steps = (int)Math.Max(1, ElementsPerTurn / length);
    var times = new double[contestants.Length, Rounds];
    for (int round = -WarmUpRounds; round < Rounds; round++)
    {
        for (int i = 0; i < contestants.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int step = 0; step < steps; step++)
            {
                contestants[i].Step();
            }

            times[i, Math.Max(round, 0)] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / ((double)steps * length);
        }
    }

    Console.WriteLine($"{length,10:N0} parameters ({length * 16L / 1024,8:N0} KiB of parameters, gradients and state)");
    for (int i = 1; i < contestants.Length; i++)
    {
        double[] ratios = [.. Enumerable.Range(0, Rounds).Select(round => times[i, round] / times[0, round]).Order()];
        Console.WriteLine($"    {contestants[i].Name,-45} {ratios[Rounds / 2],6:F2}   ({ratios[Rounds / 4]:F2} to {ratios[Rounds * 3 / 4]:F2})");
    }
}
