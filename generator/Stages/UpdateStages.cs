using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>How the parameter moves: decoupled weight decay, then a step along the direction or its sign; or it becomes the average.</summary>
internal static class UpdateStages
{
    public static Expression LearningRate(RuleBuilder rule, StageSet stages) => rule.Hyperparameter(new HyperparameterSpec
    {
        Name = GeneratedMembers.LearningRate, Default = stages.LearningRate, Minimum = 0,
        Summary = "The learning rate η, not negative",
    });

    public static void Apply(RuleBuilder rule, StageSet stages, Expression? learningRate)
    {
        if (learningRate is null)
        {
            rule.Equation($"θ ← {rule.DirectionSymbol}");
            rule.Assign(Names.Parameter, rule.Direction, $"the parameter is the average: θ ← {rule.DirectionSymbol}");
            return;
        }

        if (stages.DecoupledWeightDecay is { } decay)
        {
            Expression coefficient = rule.Hyperparameter(new HyperparameterSpec
            {
                Name = "WeightDecay", Default = decay, Minimum = 0,
                Summary = "The coefficient λ of decoupled weight decay, which the moments do not see; not negative",
            });
            Expression shrinkage = rule.StepScalar("shrinkage", learningRate * coefficient, "η·λ");
            rule.Equation("θ ← θ·(1 − η·λ)");
            rule.Assign(Names.Parameter, RuleBuilder.Parameter - shrinkage * RuleBuilder.Parameter, "decoupled weight decay: θ ← θ − ηλ·θ");
        }

        Expression stepSize = learningRate;
        string stepSymbol = "η";
        if (rule.DirectionDivisor is { } divisor)
        {
            stepSize = rule.StepScalar("stepSize", learningRate / divisor, "η / (1 − β₁ᵗ)");
            stepSymbol = "η/(1 − β₁ᵗ)";
        }

        Expression direction = stages.SignUpdate ? Expression.Of(Operator.Sign, rule.Direction) : rule.Direction;
        string Symbol(string of) => stages.SignUpdate ? $"sign({of})" : of;
        rule.Equation($"θ ← θ − η·{Symbol(rule.DirectionSymbol)}");
        rule.Assign(Names.Parameter, RuleBuilder.Parameter - stepSize * direction, $"update: θ ← θ − {stepSymbol}·{Symbol(rule.UndividedSymbol)}");
    }
}
