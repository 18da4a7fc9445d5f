namespace OptimGen.RandomRules;

/// <summary>An optimizer declared at random: the same declaration for the same two numbers, on every machine.</summary>
internal sealed record RandomRule
{
    /// <summary>The namespace of every rule.</summary>
    public const string Namespace = "OptimGen.RandomRules.Drawn";

    /// <summary>What the tests draw from. Another number gives other rules, all of which must hold as well.</summary>
    public const int DefaultSeed = 20_250_117;

    public required int Seed { get; init; }

    public required int Index { get; init; }

    /// <summary>The name of the class.</summary>
    public required string Name { get; init; }

    /// <summary>The C# file that declares it.</summary>
    public required string Source { get; init; }

    /// <summary>Whether its elements are <see cref="double"/>.</summary>
    public required bool IsDouble { get; init; }

    public string FullName => $"{Namespace}.{Name}";

    /// <summary>Draws a rule. One in five is a stack of attributes, the others are methods.</summary>
    public static RandomRule Draw(int seed, int index)
    {
        // Each rule has its own sequence, so that one can be drawn without those before it.
        var random = new Random(unchecked((seed * 1_000_003) + index));
        string name = $"Rule{index}";
        bool isStack = index % 5 == 4;
        bool isDouble = random.Next(3) == 0;
        string declaration = isStack ? StageStackWriter.Write(random, name, isDouble) : new MethodRuleWriter(random, isDouble, HasStorageKernels(index), HasRowKernels(index)).Write(name);
        return new RandomRule
        {
            Seed = seed,
            Index = index,
            Name = name,
            Source = $"using System;\nusing OptimGen;\n\nnamespace {Namespace};\n\n{declaration}",
            IsDouble = isDouble,
        };
    }

    /// <summary>Of those whose states are kept in fewer bits, two thirds.</summary>
    private static bool HasStorageKernels(int index) => index % 5 is 1 or 3 && index % 3 != 0;

    /// <summary>Of the methods half; those with reductions ask for them too, and have none.</summary>
    private static bool HasRowKernels(int index) => index % 4 < 2;

    public static IReadOnlyList<RandomRule> Draw(int seed, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(index => Draw(seed, index))];

    public override string ToString() => $"rule {Index} of seed {Seed}";
}
