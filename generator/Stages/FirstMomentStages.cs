using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What stands in the numerator: the gradient, its exponentially weighted average, or heavy-ball momentum.</summary>
internal static class FirstMomentStages
{
    public static void Apply(RuleBuilder rule, StageSet stages)
    {
        if (stages.Ewa is { } ewa)
        {
            ApplyEwa(rule, ewa, stages.BiasCorrectedSteps, stages.TrackAverage);
        }
        else if (stages.HeavyBall is { } heavyBall)
        {
            ApplyHeavyBall(rule, heavyBall);
        }
    }

    private static void ApplyEwa(RuleBuilder rule, EwaStage ewa, int? correctedSteps, bool divides)
    {
        Expression beta1 = rule.Hyperparameter(StageHyperparameter.Beta1, ewa.Beta);
        Expression oneMinusBeta1 = rule.Scalar("oneMinusBeta1", 1 - beta1, "1 − β₁");
        Expression moment = rule.State("firstMoment");
        rule.Assign(moment, "firstMoment", beta1 * moment + oneMinusBeta1 * RuleBuilder.Gradient, "first moment: m ← β₁·m + (1 − β₁)·g");
        rule.Equation("m ← β₁·m + (1 − β₁)·g");

        Expression? correction = correctedSteps is { } steps
            ? rule.Scalar("biasCorrection1", BiasCorrection.Factor(beta1, steps), BiasCorrection.Comment("β₁", steps))
            : null;

        if (ewa.Nesterov)
        {
            // Dozat, 2016: the average one step ahead is corrected as of that step, the new gradient as of this one.
            Expression ahead = beta1;
            Expression now = oneMinusBeta1;
            if (correction is not null)
            {
                Expression next = rule.Scalar(
                    "nextBiasCorrection1",
                    BiasCorrection.Factor(beta1, correctedSteps!.Value, RuleBuilder.Step + 1),
                    BiasCorrection.Comment("β₁", correctedSteps.Value).Replace("ᵗ", "ᵗ⁺¹"));
                ahead = rule.Scalar("momentWeight", beta1 / next, "β₁ / (1 − β₁ᵗ⁺¹)");
                now = rule.Scalar("gradientWeight", oneMinusBeta1 / correction, "(1 − β₁) / (1 − β₁ᵗ)");
            }

            string equation = correction is null ? "n = β₁·m + (1 − β₁)·g" : "n = β₁·m/(1 − β₁ᵗ⁺¹) + (1 − β₁)·g/(1 − β₁ᵗ)";
            rule.Equation(correctedSteps is { } count ? BiasCorrection.Equation(equation, count) : equation);
            rule.Direction = rule.Let("ahead", ahead * moment + now * RuleBuilder.Gradient, "one step ahead: " + equation);
            rule.DirectionSymbol = rule.NumeratorSymbol = "n";
            return;
        }

        rule.Direction = moment;
        rule.DirectionSymbol = rule.NumeratorSymbol = "m";
        if (correction is not null)
        {
            rule.Equation(BiasCorrection.Equation("m̂ = m / (1 − β₁ᵗ)", correctedSteps!.Value));
            rule.DirectionSymbol = "m̂";
            if (divides)
            {
                rule.Direction = moment / correction;
            }
            else
            {
                rule.DirectionDivisor = correction;
            }
        }
    }

    private static void ApplyHeavyBall(RuleBuilder rule, HeavyBallStage heavyBall)
    {
        Expression momentum = rule.Hyperparameter(StageHyperparameter.Momentum, heavyBall.Momentum);
        Expression buffer = rule.State("momentumBuffer");
        rule.Assign(buffer, "momentumBuffer", momentum * buffer + RuleBuilder.Gradient, "momentum: b ← μ·b + g");
        rule.Equation("b ← μ·b + g");
        rule.Direction = buffer;
        rule.DirectionSymbol = rule.NumeratorSymbol = "b";
        if (heavyBall.Nesterov)
        {
            rule.Equation("n = g + μ·b");
            rule.Direction = rule.Let("ahead", RuleBuilder.Gradient + momentum * buffer, "one step ahead: n = g + μ·b");
            rule.DirectionSymbol = rule.NumeratorSymbol = "n";
        }
    }
}
