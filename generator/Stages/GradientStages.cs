using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What is done to the gradient before anything else sees it: clipping, then coupled weight decay.</summary>
internal static class GradientStages
{
    public static void Apply(RuleBuilder rule, StageSet stages)
    {
        if (stages.ClipValue is { } clipValue)
        {
            Expression limit = rule.Hyperparameter(StageHyperparameter.ClipValue, clipValue);
            rule.Equation("g ← clamp(g, −c, +c)");
            rule.Assign(
                RuleBuilder.Gradient, Names.Gradient,
                Expression.Of(Operator.Minimum, Expression.Of(Operator.Maximum, RuleBuilder.Gradient, -limit), limit),
                "clip: g ← clamp(g, −c, +c)");
        }

        if (stages.WeightDecay is { } weightDecay)
        {
            Expression coefficient = rule.Hyperparameter(StageHyperparameter.WeightDecay, weightDecay);
            rule.Equation("g ← g + λ·θ");
            rule.Assign(RuleBuilder.Gradient, Names.Gradient, RuleBuilder.Gradient + coefficient * RuleBuilder.Parameter, "weight decay: g ← g + λ·θ");
        }
    }
}
