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
        Expression beta2 = Beta2(rule, rms.Beta, "the mean square");
        Expression epsilon = Epsilon(rule, rms.Epsilon);
        Expression oneMinusBeta2 = rule.StepScalar("oneMinusBeta2", 1 - beta2, "1 − β₂");
        Expression mean = rule.State("secondMoment");
        mean = rule.Assign(
            "secondMoment",
            beta2 * mean + oneMinusBeta2 * RuleBuilder.Gradient * RuleBuilder.Gradient,
            "second moment: v ← β₂·v + (1 − β₂)·g²");
        rule.Equation("v ← β₂·v + (1 − β₂)·g²");

        Expression? correction = correctedSteps is { } steps
            ? rule.StepScalar("biasCorrection2", BiasCorrection.Factor(beta2, steps), BiasCorrection.Comment("β₂", steps))
            : null;

        string symbol = "v";
        if (rms.Centered)
        {
            mean = ApplyCentering(rule, mean, beta2, oneMinusBeta2, correction, correctedSteps, ref symbol);
        }
        else if (rms.AmsGrad)
        {
            Expression largest = rule.State("maxSecondMoment");
            mean = rule.Assign(
                "maxSecondMoment", Expression.Of(Operator.Maximum, largest, mean), "AMSGrad: w ← max(w, v), before bias correction");
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
        average = rule.Assign(
            "gradientAverage", beta2 * average + oneMinusBeta2 * RuleBuilder.Gradient, "the gradient's own average: a ← β₂·a + (1 − β₂)·g");
        rule.Equation("a ← β₂·a + (1 − β₂)·g");

        // v̂ − â² = (v − a²/bc)/bc: the outer factor is that of every second moment.
        Expression square = correction is null
            ? average * average
            : rule.FadingScalar("inverseBiasCorrection2", 1 / correction, "1 / (1 − β₂ᵗ)") * average * average;
        string equation = correction is null ? "s = max(v − a², 0)" : "s = max(v − a²/(1 − β₂ᵗ), 0)";
        rule.Equation(correctedSteps is { } steps ? BiasCorrection.Equation(equation, steps) : equation);
        symbol = "s";
        return rule.Assign("variance", Expression.Of(Operator.Maximum, mean - square, 0), "variance, which rounding must not carry below 0: " + equation);
    }

    private static void ApplyAdagrad(RuleBuilder rule, AdagradNormalizeStage adagrad)
    {
        Expression epsilon = Epsilon(rule, adagrad.Epsilon);
        Expression sum = rule.State("squareSum");
        sum = rule.Assign("squareSum", sum + RuleBuilder.Gradient * RuleBuilder.Gradient, "sum of squares: S ← S + g²");
        rule.Equation("S ← S + g²");
        Divide(rule, sum, adagrad.Mean ? RuleBuilder.Step : null, epsilon, adagrad.Epsilon.InsideRoot, adagrad.Mean ? "(S/t)" : "S", "t");
    }

    private static void ApplyInfinity(RuleBuilder rule, InfinityNormalizeStage infinity)
    {
        Expression beta2 = Beta2(rule, infinity.Beta, "the infinity norm");
        Expression epsilon = Epsilon(rule, infinity.Epsilon);
        Expression norm = rule.State("infinityNorm");
        norm = rule.Assign(
            "infinityNorm",
            Expression.Of(Operator.Maximum, beta2 * norm, Expression.Of(Operator.Absolute, RuleBuilder.Gradient)),
            "infinity norm: u ← max(β₂·u, |g|)");
        rule.Equation("u ← max(β₂·u, |g|)");
        rule.Equation($"d = {rule.DirectionSymbol} / (u + ε)");
        rule.Direction = rule.Assign("direction", rule.Direction / (norm + epsilon), $"normalize: d = {rule.UndividedSymbol} / (u + ε)");
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
            Expression corrected = correction is null ? mean : mean * rule.StepScalar("meanScale", 1 / correction, "1 / " + correctionSymbol);
            denominator = Expression.Of(Operator.SquareRoot, corrected + epsilon);
        }
        else
        {
            Expression root = Expression.Of(Operator.SquareRoot, mean);
            Expression corrected = correction is null
                ? root
                : root * rule.StepScalar("rootScale", 1 / Expression.Of(Operator.SquareRoot, correction), "1 / √" + correctionSymbol);
            denominator = corrected + epsilon;
        }

        string text = insideRoot ? $"√({symbol} + ε)" : $"(√{symbol} + ε)";
        rule.Equation($"d = {rule.DirectionSymbol} / {text}");
        rule.Direction = rule.Assign("direction", rule.Direction / denominator, $"normalize: d = {rule.UndividedSymbol} / {text}");
        rule.DirectionSymbol = "d";
    }

    private static Expression Beta2(RuleBuilder rule, double value, string of) => rule.Hyperparameter(new HyperparameterSpec
    {
        Name = "Beta2", Default = value, Minimum = 0, Maximum = 1, BelowMaximum = true,
        Summary = $"The weight of the past in {of}, β₂ in [0, 1)",
    });

    private static Expression Epsilon(RuleBuilder rule, EpsilonSpec epsilon) => rule.Hyperparameter(new HyperparameterSpec
    {
        Name = "Epsilon", Default = epsilon.Value, Minimum = 0,
        Summary = $"The ε that keeps the denominator from 0, {(epsilon.InsideRoot ? "inside of the root" : "outside of any root")}; not negative",
    });
}
