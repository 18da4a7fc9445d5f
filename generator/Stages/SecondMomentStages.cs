using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>What stands in the denominator: a root mean square, a root of a sum or mean, or an infinity norm; and ε.</summary>
internal static class SecondMomentStages
{
    public static void Apply(RuleBuilder rule, StageSet stages)
    {
        if (stages.RmsNormalize is { } rms)
        {
            ApplyRms(rule, rms, stages.BiasCorrectedSteps);
        }
        else if (stages.AdagradNormalize is { } adagrad)
        {
            ApplyAdagrad(rule, adagrad);
        }
        else if (stages.InfinityNormalize is { } infinity)
        {
            ApplyInfinity(rule, infinity);
        }
    }

    private static void ApplyRms(RuleBuilder rule, RmsNormalizeStage rms, int? correctedSteps)
    {
        Expression beta2 = rule.Hyperparameter(StageHyperparameter.Beta2OfMeanSquare, rms.Beta);
        Expression epsilon = Epsilon(rule, rms.Epsilon);
        Expression oneMinusBeta2 = rule.Scalar("oneMinusBeta2", 1 - beta2, "1 − β₂");
        Expression mean = rule.State("secondMoment", isNonNegative: true);
        rule.Assign(
            mean, "secondMoment",
            beta2 * mean + oneMinusBeta2 * RuleBuilder.Gradient * RuleBuilder.Gradient,
            "second moment: v ← β₂·v + (1 − β₂)·g²");
        rule.Equation("v ← β₂·v + (1 − β₂)·g²");

        Expression? correction = correctedSteps is { } steps
            ? rule.Scalar("biasCorrection2", BiasCorrection.Factor(beta2, steps), BiasCorrection.Comment("β₂", steps))
            : null;

        string symbol = "v";
        if (rms.Centered)
        {
            mean = ApplyCentering(rule, mean, beta2, oneMinusBeta2, correction, correctedSteps, ref symbol);
        }
        else if (rms.AmsGrad)
        {
            Expression largest = rule.State("maxSecondMoment", isNonNegative: true);
            rule.Assign(
                largest, "maxSecondMoment", Expression.Of(Operator.Maximum, largest, mean), "AMSGrad: w ← max(w, v), before bias correction");
            mean = largest;
            rule.Equation("w ← max(w, v)");
            symbol = "w";
        }

        if (correction is not null)
        {
            rule.Equation(BiasCorrection.Equation($"{symbol}̂ = {symbol} / (1 − β₂ᵗ)", correctedSteps!.Value));
            symbol += "̂";
        }

        Divide(rule, mean, correction, epsilon, rms.Epsilon.InsideRoot, symbol, "(1 − β₂ᵗ)");
    }

    private static Expression ApplyCentering(
        RuleBuilder rule, Expression mean, Expression beta2, Expression oneMinusBeta2, Expression? correction, int? correctedSteps, ref string symbol)
    {
        Expression average = rule.State("gradientAverage");
        rule.Assign(
            average, "gradientAverage", beta2 * average + oneMinusBeta2 * RuleBuilder.Gradient, "the gradient's own average: a ← β₂·a + (1 − β₂)·g");
        rule.Equation("a ← β₂·a + (1 − β₂)·g");

        // v̂ − â² = (v − a²/bc)/bc: the outer factor is that of every second moment.
        Expression square = correction is null
            ? average * average
            : rule.Scalar("inverseBiasCorrection2", 1 / correction, "1 / (1 − β₂ᵗ)") * average * average;
        string equation = correction is null ? "s = max(v − a², 0)" : "s = max(v − a²/(1 − β₂ᵗ), 0)";
        rule.Equation(correctedSteps is { } steps ? BiasCorrection.Equation(equation, steps) : equation);
        symbol = "s";
        return rule.Let("variance", Expression.Of(Operator.Maximum, mean - square, 0), "variance, which rounding must not carry below 0: " + equation);
    }

    private static void ApplyAdagrad(RuleBuilder rule, AdagradNormalizeStage adagrad)
    {
        Expression epsilon = Epsilon(rule, adagrad.Epsilon);
        Expression sum = rule.State("squareSum", isNonNegative: true);
        rule.Assign(sum, "squareSum", sum + RuleBuilder.Gradient * RuleBuilder.Gradient, "sum of squares: S ← S + g²");
        rule.Equation("S ← S + g²");
        Divide(rule, sum, adagrad.Mean ? RuleBuilder.Step : null, epsilon, adagrad.Epsilon.InsideRoot, adagrad.Mean ? "(S/t)" : "S", "t");
    }

    private static void ApplyInfinity(RuleBuilder rule, InfinityNormalizeStage infinity)
    {
        Expression beta2 = rule.Hyperparameter(StageHyperparameter.Beta2OfInfinityNorm, infinity.Beta);
        Expression epsilon = Epsilon(rule, infinity.Epsilon);
        Expression norm = rule.State("infinityNorm", isNonNegative: true);
        rule.Assign(
            norm, "infinityNorm",
            Expression.Of(Operator.Maximum, beta2 * norm, Expression.Of(Operator.Absolute, RuleBuilder.Gradient)),
            "infinity norm: u ← max(β₂·u, |g|)");
        rule.Equation("u ← max(β₂·u, |g|)");
        rule.Equation($"d = {rule.DirectionSymbol} / (u + ε)");
        rule.Denominator = rule.Let("denominator", norm + epsilon, "denominator: D = u + ε");
        rule.DirectionSymbol = "d";
    }

    /// <summary>
    /// direction / (√(mean/correction) + ε), or direction / √(mean/correction + ε). The factor goes into the multiply-add that adds ε, where it
    /// costs nothing.
    /// </summary>
    private static void Divide(RuleBuilder rule, Expression mean, Expression? correction, Expression epsilon, bool insideRoot, string symbol, string correctionSymbol)
    {
        Expression denominator;
        if (insideRoot)
        {
            Expression corrected = correction is null ? mean : mean * rule.Scalar("meanScale", 1 / correction, "1 / " + correctionSymbol);
            denominator = Expression.Of(Operator.SquareRoot, corrected + epsilon);
        }
        else
        {
            Expression root = Expression.Of(Operator.SquareRoot, mean);
            Expression corrected = correction is null
                ? root
                : root * rule.Scalar("rootScale", 1 / Expression.Of(Operator.SquareRoot, correction), "1 / √" + correctionSymbol);
            denominator = corrected + epsilon;
        }

        string text = insideRoot ? $"√({symbol} + ε)" : $"(√{symbol} + ε)";
        rule.Equation($"d = {rule.DirectionSymbol} / {text}");
        rule.Denominator = rule.Let("denominator", denominator, $"denominator: D = {(insideRoot ? text : $"√{symbol} + ε")}");
        rule.DirectionSymbol = "d";
    }

    private static Expression Epsilon(RuleBuilder rule, EpsilonSpec epsilon) => rule.Hyperparameter(
        StageHyperparameter.Epsilon with
        {
            Summary = $"The ε that keeps the denominator from 0, {(epsilon.InsideRoot ? "inside of the root" : "outside of any root")}; not negative",
        },
        epsilon.Value);
}
