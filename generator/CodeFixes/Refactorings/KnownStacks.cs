using OptimGen.Generator.Lowering;
using OptimGen.Generator.Model;
using OptimGen.Generator.Stages;
using OptimGen.Generator.Steps;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>The stacks of stages that can be declared, and which of them computes what a rule computes, to the bit.</summary>
internal static class KnownStacks
{
    private static readonly bool[] Either = [false, true];

    private static readonly int[] OneOfThree = [0, 1, 2];

    /// <summary>The stack that gives the bits of a rule; its hyperparameters and states by their positions in the rule's.</summary>
    /// <param name="Stages">The stack, with numbers that mean nothing.</param>
    /// <param name="Rule">The same as a rule.</param>
    /// <param name="HyperparameterOf">For each hyperparameter of the stack, that of the rule.</param>
    /// <param name="StateOf">For each state of the stack, that of the rule.</param>
    public sealed record Match(StageSet Stages, RuleSpec Rule, IReadOnlyList<int> HyperparameterOf, IReadOnlyList<int> StateOf);

    public static Match? Find(RuleSpec rule)
    {
        if (RuleShape.Of(rule, RuleLowering.Lower(rule), RuleShape.Comparison.Bits) is not { } wanted || wanted.Hyperparameters.Count != rule.Hyperparameters.Count)
        {
            return null;
        }

        foreach (StageSet stages in All())
        {
            RuleSpec candidate = RuleOfStages.Build(stages, rule.ElementType, unroll: 0);
            if (candidate.States.Count == rule.States.Count && candidate.Hyperparameters.Count == rule.Hyperparameters.Count
                && RuleShape.Of(candidate, RuleLowering.Lower(candidate), RuleShape.Comparison.Bits) is { } shape && shape.Text == wanted.Text)
            {
                return new Match(stages, candidate, Positions(shape.Hyperparameters, wanted.Hyperparameters), Positions(shape.States, wanted.States));
            }
        }

        return null;
    }

    private static int[] Positions(IReadOnlyList<int> ofStack, IReadOnlyList<int> ofRule)
    {
        int[] positions = new int[ofStack.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[ofStack[i]] = ofRule[i];
        }

        return positions;
    }

    /// <summary>Every combination that is allowed. A correction of the first steps alone has a number that is no hyperparameter, and is not among them.</summary>
    private static IEnumerable<StageSet> All() =>
        from second in SecondMoments()
        from first in FirstMoments()
        from isCorrected in Either
        from decay in OneOfThree
        from isClipped in Either
        from update in OneOfThree
        let stages = first(second) with
        {
            BiasCorrectedSteps = isCorrected ? int.MaxValue : null,
            WeightDecay = decay == 1 ? 0 : null,
            DecoupledWeightDecay = decay == 2 ? 0 : null,
            ClipValue = isClipped ? 1 : null,
            SignUpdate = update == 1,
            TrackAverage = update == 2,
        }
        where IsAllowed(stages)
        select stages;

    private static IEnumerable<StageSet> SecondMoments()
    {
        yield return new StageSet();
        yield return new StageSet { InfinityNormalize = new InfinityNormalizeStage(0, new EpsilonSpec(0, InsideRoot: false)) };
        foreach (EpsilonSpec epsilon in new[] { new EpsilonSpec(0, InsideRoot: false), new EpsilonSpec(0, InsideRoot: true) })
        {
            yield return new StageSet { RmsNormalize = new RmsNormalizeStage(0, epsilon, Centered: false, AmsGrad: false) };
            yield return new StageSet { RmsNormalize = new RmsNormalizeStage(0, epsilon, Centered: true, AmsGrad: false) };
            yield return new StageSet { RmsNormalize = new RmsNormalizeStage(0, epsilon, Centered: false, AmsGrad: true) };
            yield return new StageSet { AdagradNormalize = new AdagradNormalizeStage(Mean: false, epsilon) };
            yield return new StageSet { AdagradNormalize = new AdagradNormalizeStage(Mean: true, epsilon) };
        }
    }

    private static IEnumerable<Func<StageSet, StageSet>> FirstMoments()
    {
        yield return stages => stages;
        foreach (bool nesterov in Either)
        {
            yield return stages => stages with { Ewa = new EwaStage(0, nesterov) };
            yield return stages => stages with { HeavyBall = new HeavyBallStage(0, nesterov) };
        }
    }

    /// <summary>As the parser of stages has it.</summary>
    private static bool IsAllowed(StageSet stages) => stages switch
    {
        { SignUpdate: true } => !stages.Normalizes && stages.BiasCorrectedSteps is null,
        { TrackAverage: true } => stages is { Ewa.Nesterov: false, WeightDecay: null, DecoupledWeightDecay: null } && !stages.Normalizes,
        { BiasCorrectedSteps: not null } => stages.Ewa is not null || stages.RmsNormalize is not null,
        _ => true,
    };
}
