namespace OptimGen.Tests.CriticalPoints;

/// <summary>Spectra of Hessians: of one sign and of both, clustered, multiple, with zeros, over many orders of magnitude.</summary>
internal static class RandomSpectra
{
    public static readonly string[] Kinds =
        ["positive", "negative", "mixed", "one negative", "clustered", "multiple", "with zeros", "graded", "graded mixed", "low rank", "identity", "flat"];

    public static double[] Draw(string kind, int n, Random random)
    {
        double scale = Math.Pow(10, 4 * random.NextDouble() - 2);
        double[] clusters = [.. Enumerable.Range(0, 3).Select(_ => 2 * random.NextDouble() - 0.7)];
        return [.. Enumerable.Range(0, n).Select(i => scale * Eigenvalue(i))];

        double Eigenvalue(int i) => kind switch
        {
            "positive" => 0.1 + random.NextDouble(),
            "negative" => -0.1 - random.NextDouble(),
            "mixed" => 2 * random.NextDouble() - 1,
            "one negative" => i == 0 ? -0.05 - random.NextDouble() : 0.1 + random.NextDouble(),
            "clustered" => clusters[random.Next(3)] + 1e-4 * random.NextDouble(),
            "multiple" => clusters[random.Next(3)],
            "with zeros" => random.Next(3) == 0 ? 0 : 0.1 + random.NextDouble(),
            "graded" => Math.Pow(10, -6 * random.NextDouble()),
            "graded mixed" => (random.Next(4) == 0 ? -1 : 1) * Math.Pow(10, -6 * random.NextDouble()),
            "low rank" => i < 3 ? 1 + random.NextDouble() : 0,
            "identity" => 1,
            _ => 1e-14 * random.NextDouble(),
        };
    }
}
