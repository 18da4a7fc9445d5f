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

    public static RandomRuleCheck Run(RandomRule rule, Assembly assembly)
    {
        Type type = assembly.GetType(rule.FullName, throwOnError: true)!;
        return rule.IsDouble
            ? Run(new List<Optimizer<double>>(), made => RuleCheck.Run(parameters => Add(made, Make(type, parameters)), OptionsOf(rule)))
            : Run(new List<Optimizer<float>>(), made => RuleCheck.Run(parameters => Add(made, Make(type, parameters)), OptionsOf(rule)));
    }

    /// <summary>
    /// The lengths of the tensors of which a kernel sees each on its own, because they are wrapped; over the rules it is every length, many times. Every
    /// tenth rule has one of some thousands.
    /// </summary>
    public static int[] WrappedLengthsOf(RandomRule rule) =>
        [.. Enumerable.Range(0, 8).Select(i => (((8 * rule.Index) + (37 * i)) % LongestOfAll) + 1), .. rule.Index % 10 == 0 ? [5003] : Array.Empty<int>()];

    /// <summary>Tensors go into the arena, into a group of the arena and into wrapped memory by turns.</summary>
    private static RuleCheckOptions OptionsOf(RandomRule rule) => new()
    {
        Seed = rule.Index, Lengths = [.. WrappedLengthsOf(rule).SelectMany(length => (int[])[3, 18, length])],
    };

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

    private static Optimizer<T> Make<T>(Type type, ParameterSet<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var optimizer = (Optimizer<T>)Activator.CreateInstance(type, parameters)!;
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.MaxDegreeOfParallelism = 1;
        return optimizer;
    }
}
