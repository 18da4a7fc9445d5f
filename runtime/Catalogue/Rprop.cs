namespace OptimGen;

/// <summary>
/// Rprop, resilient propagation: every element has a step size of its own, which grows while the gradient keeps its sign and shrinks when the sign
/// changes. The gradient's magnitude plays no part. For whole batches, not for mini-batches.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> s = sign(g)·sign(gₜ₋₁);
/// Δ ← clamp(Δ·(η⁺ if s = 1, η⁻ if s = −1, else 1), Δmin, Δmax), from Δ = η;
/// g ← 0 if s = −1;
/// θ ← θ − Δ·sign(g);
/// gₜ₋₁ ← g</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; Δ is <c>stepSize</c>, gₜ₋₁ <c>previousGradient</c>; η
/// is LearningRate, η⁻ EtaMinus, η⁺ EtaPlus, Δmin MinStepSize, Δmax MaxStepSize.</para>
/// <para><b>Epsilon.</b> There is none.</para>
/// <para><b>Defaults.</b> η 1e-2, which is only the first step size; η⁻ 0.5, η⁺ 1.2, Δmin 1e-6, Δmax 50.</para>
/// <para><b>Differences.</b> Torch has the same rule, but multiplies the gradients before it takes the sign, so that gradients below about 1e-23
/// count as 0; here they do not. optax applies each step one step late.</para>
/// <para><b>Reference.</b> Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", 1993, in the
/// form without backtracking (iRprop⁻, Igel and Hüsken, 2000)</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Rprop
{
    /// <summary>η, the first step size of every element. Later values are not looked at. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>η⁻, the factor after a change of sign; in (0, 1). Initially 0.5.</summary>
    [Hyperparameter(Min = 0, Max = 1, MinIsExclusive = true, MaxIsExclusive = true)]
    public float EtaMinus { get; set; } = 0.5f;

    /// <summary>η⁺, the factor while the sign stays; more than 1. Initially 1.2.</summary>
    [Hyperparameter(Min = 1, MinIsExclusive = true)]
    public float EtaPlus { get; set; } = 1.2f;

    /// <summary>Δmin, the smallest step size. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0)]
    public float MinStepSize { get; set; } = 1e-6f;

    /// <summary>Δmax, the largest step size. Initially 50.</summary>
    [Hyperparameter(Min = 0)]
    public float MaxStepSize { get; set; } = 50f;

    [PerStep]
    private static void Prepare(long step, out bool first) => first = step == 1;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(IsNonNegative = true)] ref float stepSize, [State] ref float previousGradient,
        float learningRate, float etaMinus, float etaPlus, float minStepSize, float maxStepSize, bool first)
    {
        float sign = MathF.Sign(gradient) * (float)MathF.Sign(previousGradient);
        float factor = sign > 0 ? etaPlus : sign < 0 ? etaMinus : 1;
        float grown = (first ? learningRate : stepSize) * factor;
        stepSize = MathF.Min(MathF.Max(grown, minStepSize), maxStepSize);
        previousGradient = sign < 0 ? 0 : gradient;
        return parameter - stepSize * MathF.Sign(previousGradient);
    }
}
