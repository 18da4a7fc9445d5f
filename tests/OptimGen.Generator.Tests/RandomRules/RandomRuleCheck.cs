using System.Numerics;
using System.Reflection;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>Runs the kernels of a rule beside its method, over lengths of its own, on numbers of every kind.</summary>
/// <param name="Result">What <see cref="RuleCheck"/> found.</param>
/// <param name="IsAlive">Whether many parameters were numbers, and different ones, when all was done; else the rule has shown little.</param>
internal sealed record RandomRuleCheck(RuleCheckResult Result, bool IsAlive)
{
    /// <summary>Two turns of the widest unrolled loop in single precision (4 vectors of 16), twice, and one.</summary>
    public const int LongestOfAll = 257;

    public static RandomRuleCheck Run(RandomRule rule, Assembly assembly) => Run(rule, assembly, threads: 1, new RuleCheckOptions
    {
        Seed = rule.Index, Steps = 5 + (rule.Index % 3), Lengths = [.. WrappedLengthsOf(rule).SelectMany(length => (int[])[3, 18, length])],
    });

    /// <summary>On several threads, over tensors that are divided among them.</summary>
    public static RandomRuleCheck RunOnThreads(RandomRule rule, Assembly assembly) =>
        Run(rule, assembly, threads: 2 + (rule.Index % 7), new RuleCheckOptions { Seed = rule.Index, Steps = 2, Lengths = [20_011, 3, 33_333] });

    /// <summary>With parameters, gradients or both in bfloat16, by each update in turn.</summary>
    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public static string? RunInBFloat16(RandomRule rule, Assembly assembly)
    {
        Type type = assembly.GetType(rule.FullName, throwOnError: true)!;
        BFloat16Update[] updates = Enum.GetValues<BFloat16Update>();
        var storage = new ParameterStorage
        {
            Values = rule.Index % 7 == 0 ? Storage.Native : Storage.BFloat16, Gradients = rule.Index % 3 == 1 ? Storage.Native : Storage.BFloat16,
        };
        return BFloat16Comparison.Run(
            (parameters, options) =>
            {
                var optimizer = (Optimizer<float>)Activator.CreateInstance(type, parameters, options with { StateStorage = StorageOf(rule).StateStorage })!;
                optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
                return optimizer;
            },
            updates[rule.Index % updates.Length], storage, [WrappedLengthsOf(rule)[0], 300], steps: 3);
    }

    /// <summary>
    /// The lengths of the tensors of which a kernel sees each on its own, because they are wrapped; over the rules it is every length, many times. Every
    /// tenth rule has one of some thousands.
    /// </summary>
    public static int[] WrappedLengthsOf(RandomRule rule) =>
        [.. Enumerable.Range(0, 8).Select(i => (((8 * rule.Index) + (37 * i)) % LongestOfAll) + 1), .. rule.Index % 10 == 0 ? [5003] : Array.Empty<int>()];

    /// <summary>Rules with what is generated for them, but for kernels that cannot run here.</summary>
    public static GeneratedProject Compile(string name, IEnumerable<RandomRule> rules) => GeneratedProject.Create(
        name,
        rules.Select(rule => rule.Source),
        file => Enum.GetValues<InstructionSet>().Except(InstructionSets.Supported).Aggregate(file, (rest, set) => GeneratedProject.Without(set, rest)));

    private static RandomRuleCheck Run(RandomRule rule, Assembly assembly, int threads, RuleCheckOptions options)
    {
        Type type = assembly.GetType(rule.FullName, throwOnError: true)!;
        var changes = new RandomChanges(rule);
        options = options with { BeforeStep = rule.Index % 6 == 0 ? RuleCheckOptions.ChangeHyperparameters : changes.BeforeStep };
        return rule.IsDouble
            ? Run(new List<Optimizer<double>>(), made => RuleCheck.Run(parameters => Add(made, Make(rule, type, parameters, threads)), options))
            : Run(new List<Optimizer<float>>(), made => RuleCheck.Run(parameters => Add(made, Make(rule, type, parameters, threads)), options));
    }

    private static RandomRuleCheck Run<T>(List<Optimizer<T>> made, Func<List<Optimizer<T>>, RuleCheckResult> check)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RuleCheckResult result = check(made);
        T[] left = [.. made.SelectMany(optimizer => optimizer.Parameters).SelectMany(parameter => parameter.Values.ToArray())];
        return new RandomRuleCheck(result, left.Count(T.IsFinite) > left.Length / 3 && left.Distinct().Count() > left.Length / 16);
    }

    private static Optimizer<T> Add<T>(List<Optimizer<T>> made, Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        made.Add(optimizer);
        return optimizer;
    }

    /// <summary>Two of five rules in single precision keep their states in fewer bits.</summary>
    private static OptimizerOptions StorageOf(RandomRule rule) => new()
    {
        StateStorage = rule.IsDouble ? null : (rule.Index % 5) switch { 1 => Storage.BFloat16, 3 => Storage.Block8, _ => null },
        StateRounding = rule.Index % 4 == 0 ? StorageRounding.Nearest : null,
        RoundingSeed = (ulong)rule.Index,
    };

    private static Optimizer<T> Make<T>(RandomRule rule, Type type, ParameterSet<T> parameters, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var optimizer = (Optimizer<T>)Activator.CreateInstance(type, parameters, StorageOf(rule))!;
        optimizer.NonFiniteGradients = (rule.Index % 9) switch
        {
            0 or 4 => NonFiniteGradientPolicy.Throw,
            7 => NonFiniteGradientPolicy.SkipStep,
            _ => NonFiniteGradientPolicy.Allow,
        };
        optimizer.MaxDegreeOfParallelism = threads;
        new RandomChanges(rule).Start(optimizer);
        return optimizer;
    }
}
