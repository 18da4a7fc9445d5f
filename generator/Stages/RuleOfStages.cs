using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>
/// A stack of attributes as a rule. The stages always come in this order, whatever the order of the attributes:
/// gradient → first moment → second moment → update.
/// </summary>
internal static class RuleOfStages
{
    public static RuleSpec Build(StageSet stages, ElementType elementType, int unroll)
    {
        var rule = new RuleBuilder(new Variables());
        Expression? learningRate = stages.TrackAverage ? null : UpdateStages.LearningRate(rule, stages);
        GradientStages.Apply(rule, stages);
        FirstMomentStages.Apply(rule, stages);
        SecondMomentStages.Apply(rule, stages);
        UpdateStages.Apply(rule, stages, learningRate);
        return rule.Build(elementType, unroll);
    }
}
