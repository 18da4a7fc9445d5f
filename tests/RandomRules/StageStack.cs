namespace OptimGen.RandomRules;

/// <summary>A stack of stages: for each stage, one of its forms. All that are allowed together are known, and few of them that have every two forms together.</summary>
internal sealed class StageStack
{
    private const int Clip = 0, Decay = 1, First = 2, Second = 3, Correction = 4, Update = 5;

    private static readonly string[][] Forms =
    [
        ["", "ClipByValue(0.5)"],
        ["", "WeightDecay(0.01)", "DecoupledWeightDecay(0.1)"],
        ["", "Ewa(0.9)", "Ewa(0.9, Nesterov = true)", "HeavyBall(0.9)", "HeavyBall(0.9, Nesterov = true)"],
        [
            "", "RmsNormalize(0.999)", "RmsNormalize(0.99, Centered = true)", "RmsNormalize(0.99, AmsGrad = true)",
            "RmsNormalize(0.999, EpsilonPlacement = EpsilonPlacement.InsideRoot)",
            "RmsNormalize(0.99, Centered = true, Epsilon = 1e-4, EpsilonPlacement = EpsilonPlacement.InsideRoot)",
            "RmsNormalize(0.99, AmsGrad = true, EpsilonPlacement = EpsilonPlacement.InsideRoot)",
            "AdagradNormalize(AdagradForm.Sum)", "AdagradNormalize(AdagradForm.Mean)",
            "AdagradNormalize(AdagradForm.Sum, EpsilonPlacement = EpsilonPlacement.InsideRoot)",
            "AdagradNormalize(AdagradForm.Mean, EpsilonPlacement = EpsilonPlacement.InsideRoot)",
            "InfinityNormalize(0.99)",
        ],
        ["", "BiasCorrection", "BiasCorrection(FirstSteps = 2)"],
        ["", "SignUpdate", "TrackAverage"],
        ["float", "double"],
    ];

    private readonly int[] forms;

    private StageStack(int[] forms) => this.forms = forms;

    /// <summary>Every stack that is allowed, in single and in double precision.</summary>
    public static IReadOnlyList<StageStack> All { get; } =
        [.. Enumerable.Range(0, Forms.Aggregate(1, (count, choices) => count * choices.Length)).Select(Number).Where(stack => stack.IsAllowed)];

    /// <summary>A part of all of them, in which any two forms come together that come together in one at all.</summary>
    public static IReadOnlyList<StageStack> Pairwise { get; } = [.. Cover()];

    /// <summary>Any two forms of the stack.</summary>
    private IEnumerable<(int, int, int, int)> Pairs =>
        from one in Enumerable.Range(0, forms.Length)
        from other in Enumerable.Range(one + 1, forms.Length - one - 1)
        select (one, forms[one], other, forms[other]);

    private bool IsAllowed
    {
        get
        {
            string first = Forms[First][forms[First]], second = Forms[Second][forms[Second]];
            bool isCorrected = forms[Correction] > 0;
            return Forms[Update][forms[Update]] switch
            {
                "SignUpdate" => second.Length == 0 && !isCorrected,
                "TrackAverage" => first == "Ewa(0.9)" && second.Length == 0 && forms[Decay] == 0,
                _ => !isCorrected || first.StartsWith("Ewa", StringComparison.Ordinal) || second.StartsWith("Rms", StringComparison.Ordinal),
            };
        }
    }

    /// <summary>The stack as the declaration of a class.</summary>
    public RandomRule ToRule(int index)
    {
        bool isDouble = forms[^1] == 1;
        string optimizer = $"Optimizer(LearningRate = 0.05{(isDouble ? ", ElementType = typeof(double)" : "")})";
        string[] attributes = [optimizer, .. Enumerable.Range(Clip, Update + 1).Select(stage => Forms[stage][forms[stage]]).Where(form => form.Length > 0)];
        return new RandomRule
        {
            Seed = 0,
            Index = index,
            Name = $"Stack{index}",
            Source = $"using OptimGen;\n\nnamespace {RandomRule.Namespace};\n\n[{string.Join(", ", attributes)}]\npublic sealed partial class Stack{index};\n",
            IsDouble = isDouble,
        };
    }

    private static StageStack Number(int number)
    {
        int[] forms = new int[Forms.Length];
        for (int stage = 0; stage < forms.Length; stage++)
        {
            (number, forms[stage]) = Math.DivRem(number, Forms[stage].Length);
        }

        return new StageStack(forms);
    }

    /// <summary>Takes, as long as there are pairs that none has, the stack with most of them.</summary>
    private static IEnumerable<StageStack> Cover()
    {
        HashSet<(int, int, int, int)> missing = [.. All.SelectMany(stack => stack.Pairs)];
        while (missing.Count > 0)
        {
            StageStack best = All.MaxBy(stack => stack.Pairs.Count(missing.Contains))!;
            missing.ExceptWith(best.Pairs);
            yield return best;
        }
    }
}
