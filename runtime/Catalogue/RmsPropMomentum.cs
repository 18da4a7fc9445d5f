namespace OptimGen;

/// <summary>Heavy-ball momentum on the gradient that is divided by the root of its mean square.</summary>
/// <remarks>
/// <para><b>Update.</b> v ← β₂v + (1−β₂)g², b ← μb + g/(√v + ε), θ ← θ − η·b</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, v the mean square
/// and b the buffer (both from 0), β₂ <c>Beta2</c> (torch's <c>alpha</c>), μ <c>Momentum</c>, ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> torch's η 0.01, β₂ 0.99, ε 1e-8; μ 0.9, where torch has 0, which is <see cref="RmsProp"/>.</para>
/// <para><b>Differences.</b> torch's <c>RMSprop(momentum=…)</c>. Keras and optax keep η in the buffer, which differs when η changes, and
/// have ε inside. <c>[HeavyBall, RmsNormalize]</c> is another rule: it divides the buffer, not the gradient.</para>
/// <para><b>Reference.</b> Tieleman and Hinton, 2012, Lecture 6.5; Graves, 2013, arXiv:1308.0850</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class RmsPropMomentum
{
    /// <summary>The learning rate η, not negative. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>The part of the momentum buffer that stays, μ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Momentum { get; set; } = 0.9f;

    [UpdateRule]
    private static float Update(
        float parameter, [RmsNormalize(0.99, Epsilon = 1e-8)] float direction, [State] ref float momentumBuffer, float learningRate, float momentum)
    {
        momentumBuffer = momentum * momentumBuffer + direction;
        return parameter - learningRate * momentumBuffer;
    }
}
