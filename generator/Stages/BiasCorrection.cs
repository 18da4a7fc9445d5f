using OptimGen.Generator.Model;

namespace OptimGen.Generator.Stages;

/// <summary>The factor 1 − βᵗ that an average is divided by.</summary>
internal static class BiasCorrection
{
    /// <param name="beta">β.</param>
    /// <param name="correctedSteps">The number of steps that are corrected; later the factor is 1.</param>
    /// <param name="exponent">The exponent, if it is not the step's number.</param>
    public static Expression Factor(Expression beta, int correctedSteps, Expression? exponent = null)
    {
        Expression factor = 1 - Expression.Of(Operator.Power, beta, exponent ?? RuleBuilder.Step);
        return correctedSteps == int.MaxValue
            ? factor
            : Expression.Of(Operator.Select, Expression.Of(Operator.LessThanOrEqual, RuleBuilder.Step, correctedSteps), factor, 1);
    }

    public static string Comment(string beta, int correctedSteps) => Equation($"1 − {beta}ᵗ", correctedSteps);

    public static string Equation(string equation, int correctedSteps) =>
        correctedSteps == int.MaxValue ? equation : $"{equation} for t ≤ {correctedSteps}, uncorrected later";
}
