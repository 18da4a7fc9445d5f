using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What is done to the gradient before anything else sees it: clipping, then coupled weight decay.</summary>
internal static class GradientStages
{
    public static void Apply(RuleBuilder rule, StageSet stages)
    {
        if (stages.ClipValue is { } clipValue)
        {
            Expression limit = rule.Hyperparameter(new HyperparameterSpec
            {
                Name = "ClipValue", Default = clipValue, Minimum = 0, AboveMinimum = true,
                Summary = "The largest magnitude c of a gradient that is let through, positive",
            });
            rule.Equation("g ← clamp(g, −c, +c)");
            rule.Assign(
                Names.Gradient,
                Expression.Of(Operator.Minimum, Expression.Of(Operator.Maximum, RuleBuilder.Gradient, -limit), limit),
                "clip: g ← clamp(g, −c, +c)");
        }

        if (stages.WeightDecay is { } weightDecay)
        {
            Expression coefficient = rule.Hyperparameter(new HyperparameterSpec
            {
                Name = "WeightDecay", Default = weightDecay, Minimum = 0,
                Summary = "The coefficient λ of coupled weight decay, which the moments see; not negative",
            });
            rule.Equation("g ← g + λ·θ");
            rule.Assign(Names.Gradient, RuleBuilder.Gradient + coefficient * RuleBuilder.Parameter, "weight decay: g ← g + λ·θ");
        }
    }
}
