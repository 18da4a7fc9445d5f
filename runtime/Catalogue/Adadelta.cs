namespace OptimGen;

/// <summary>Scales the gradient by the root mean square of the past steps over that of the gradients, so that the step has the parameter's unit.</summary>
/// <remarks>
/// <para><b>Update.</b> v ← ρv + (1−ρ)g², Δ = √(u + ε)/√(v + ε)·g, u ← ρu + (1−ρ)Δ², θ ← θ − η·Δ</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, v the mean square of
/// the gradient and u that of the step (both from 0), ρ <c>Rho</c>, ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Inside of both roots. It also starts the descent: the first step is about √(ε/(1−ρ)).</para>
/// <para><b>Defaults.</b> torch's: η 1, ρ 0.9, ε 1e-6. The paper has no η, which is η = 1, and ρ 0.95.</para>
/// <para><b>Differences.</b> None to torch and optax. Keras has η 1e-3, ρ 0.95, ε 1e-7.</para>
/// <para><b>Reference.</b> Zeiler, 2012, ADADELTA, arXiv:1212.5701</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Adadelta
{
    /// <summary>The learning rate η, not negative. Initially 1.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1f;

    /// <summary>The weight of the past in both averages, ρ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Rho { get; set; } = 0.9f;

    /// <summary>The ε that keeps the denominator from 0, inside of both roots; not negative. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-6f;

    [PerStep]
    private static void Weigh(double rho, out double oneMinusRho) => oneMinusRho = 1 - rho;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(IsNonNegative = true)] ref float squareAverage, [State(IsNonNegative = true)] ref float deltaAverage,
        float learningRate, float rho, float oneMinusRho, float epsilon)
    {
        squareAverage = rho * squareAverage + oneMinusRho * gradient * gradient;
        float delta = MathF.Sqrt(deltaAverage + epsilon) / MathF.Sqrt(squareAverage + epsilon) * gradient;
        deltaAverage = rho * deltaAverage + oneMinusRho * delta * delta;
        return parameter - learningRate * delta;
    }
}
