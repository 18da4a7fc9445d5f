using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>How the parameter moves: decoupled weight decay, then a step along the direction or its sign; or it becomes the average.</summary>
internal static class UpdateStages
{
    public static Expression LearningRate(RuleBuilder rule, StageSet stages) =>
        rule.Hyperparameter(StageHyperparameter.LearningRate, stages.LearningRate);

    public static void Apply(RuleBuilder rule, StageSet stages, Expression? learningRate)
    {
        if (learningRate is null)
        {
            rule.Equation($"θ ← {rule.DirectionSymbol}");
            rule.Assign(RuleBuilder.Parameter, Names.Parameter, rule.Direction, $"the parameter is the average: θ ← {rule.DirectionSymbol}");
            return;
        }

        if (stages.DecoupledWeightDecay is { } decay)
        {
            Expression coefficient = rule.Hyperparameter(StageHyperparameter.DecoupledWeightDecay, decay);
            Expression shrinkage = rule.Scalar("shrinkage", learningRate * coefficient, "η·λ");
            rule.Equation("θ ← θ·(1 − η·λ)");
            rule.Assign(RuleBuilder.Parameter, Names.Parameter, RuleBuilder.Parameter - shrinkage * RuleBuilder.Parameter, "decoupled weight decay: θ ← θ − ηλ·θ");
        }

        Expression stepSize = learningRate;
        string stepSymbol = "η";
        if (rule.DirectionDivisor is { } divisor)
        {
            stepSize = rule.Scalar("stepSize", learningRate / divisor, "η / (1 − β₁ᵗ)");
            stepSymbol = "η/(1 − β₁ᵗ)";
        }

        string symbol = stages.SignUpdate ? $"sign({rule.DirectionSymbol})" : rule.DirectionSymbol;
        rule.Equation($"θ ← θ − η·{symbol}");
        if (rule.Denominator is { } denominator)
        {
            // The product before the quotient: what waits for the division is then a subtraction alone, which ends earlier than a multiply-add.
            rule.Assign(
                RuleBuilder.Parameter, Names.Parameter, RuleBuilder.Parameter - stepSize * rule.Direction / denominator,
                $"update: θ ← θ − ({stepSymbol}·{rule.NumeratorSymbol}) / D");
            return;
        }

        Expression direction = stages.SignUpdate ? Expression.Of(Operator.Sign, rule.Direction) : rule.Direction;
        string undivided = stages.SignUpdate ? $"sign({rule.NumeratorSymbol})" : rule.NumeratorSymbol;
        rule.Assign(RuleBuilder.Parameter, Names.Parameter, RuleBuilder.Parameter - stepSize * direction, $"update: θ ← θ − {stepSymbol}·{undivided}");
    }
}
