namespace OptimGen;

/// <summary>Adagrad with one sum for each row of a parameter, so that for the vectors of an embedding it takes the memory of one more element each.</summary>
/// <remarks>
/// <para><b>Update.</b> S ← S + mean(g²), θ ← θ − η/(√S + ε)·g</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, S the sum of mean squares of a row (from 0), the
/// elements with the same first index, mean the mean over the row, ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> TorchRec's: η 0.01, ε 1e-10, S from 0.</para>
/// <para><b>Differences.</b> FBGEMM adds the mean in single precision to S; here it is the mean of the sums S + g², in double, rounded once. FBGEMM's weight decay and
/// its limit of a row's norm are not in the rule. MXNet's GroupAdaGrad has ε inside of the root. In a vector each element is a row, which is <see cref="Adagrad"/>; give biases
/// an optimizer of their own where that is not meant.</para>
/// <para><b>Reference.</b> FBGEMM's <c>rowwise_adagrad</c> (<c>EXACT_ROWWISE_ADAGRAD</c>), with which DLRM is trained: Mudigere et al., 2021, arXiv:2104.05158</para>
/// </remarks>
[Optimizer(RowKernels = true)]
public sealed partial class RowwiseAdagrad
{
    /// <summary>The learning rate η, not negative. Initially 0.01.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.01f;

    /// <summary>The ε that keeps the denominator from 0, outside of the root; not negative. Initially 1e-10.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-10f;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float squareSum, float learningRate, float epsilon)
    {
        squareSum += gradient * gradient;
        float rate = learningRate / (MathF.Sqrt(squareSum) + epsilon);
        return parameter - rate * gradient;
    }
}
