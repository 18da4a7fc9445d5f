namespace OptimGen.Tests.RowGranularity;

/// <summary>Adam whose second moment is of rows, as recommender systems have it (FBGEMM's partial_rowwise_adam).</summary>
[Optimizer(StorageKernels = true, RowKernels = true)]
internal sealed partial class RowwiseAdam
{
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.05f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.95f;

    [PerStep]
    private static void Correct(long step, double learningRate, double beta1, double beta2, out double rate, out double root) =>
        (rate, root) = (learningRate / (1 - Math.Pow(beta1, step)), 1 / Math.Sqrt(1 - Math.Pow(beta2, step)));

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(Granularity = StateGranularity.Row)] ref float secondMoment, float beta1, float beta2,
        float rate, float root)
    {
        firstMoment = beta1 * firstMoment + (1 - beta1) * gradient;
        secondMoment = beta2 * secondMoment + (1 - beta2) * (gradient * gradient);
        return parameter - rate * firstMoment / (MathF.Sqrt(secondMoment) * root + 1e-8f);
    }
}

/// <summary>The same with a second moment of elements.</summary>
[Optimizer]
internal sealed partial class ElementAdam
{
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.05f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.95f;

    [PerStep]
    private static void Correct(long step, double learningRate, double beta1, double beta2, out double rate, out double root) =>
        (rate, root) = (learningRate / (1 - Math.Pow(beta1, step)), 1 / Math.Sqrt(1 - Math.Pow(beta2, step)));

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State] ref float secondMoment, float beta1, float beta2, float rate, float root)
    {
        firstMoment = beta1 * firstMoment + (1 - beta1) * gradient;
        secondMoment = beta2 * secondMoment + (1 - beta2) * (gradient * gradient);
        return parameter - rate * firstMoment / (MathF.Sqrt(secondMoment) * root + 1e-8f);
    }
}

/// <summary>
/// Two states of rows, assigned in another order than they are declared: one by a flag of the step, the other from the mean of the first and from a state of elements;
/// with the mean before the step, a scalar of the tensor, and a stage.
/// </summary>
[Optimizer]
internal sealed partial class TwoMeans
{
    [Hyperparameter]
    public double LearningRate { get; set; } = 0.1;

    [PerStep]
    private static void Warm(long step, out bool isWarm) => isWarm = step > 2;

    [Reduce(Reduction.SumOfSquares)]
    private static double Size(double parameter) => parameter;

    [PerTensor]
    private static void Scale(double size, long elementCount, out double scale) => scale = 1 / (1 + Math.Sqrt(size / elementCount));

    [UpdateRule]
    private static double Update(
        double parameter, [WeightDecay(0.01)] double gradient, [State(Granularity = StateGranularity.Row)] ref double largest,
        [State(Granularity = StateGranularity.Row, InitialValue = 0.5)] ref double square, [State] ref double moment, [Previous("square")] double before, bool isWarm,
        double scale, double learningRate)
    {
        double used = square;
        square = isWarm ? 0.9 * square + 0.1 * gradient * gradient : gradient * gradient;
        moment = 0.5 * moment + gradient * before;
        largest = Math.Max(largest, square + used * moment * moment);
        return parameter - learningRate * scale * moment / (Math.Sqrt(largest) + 1e-3);
    }
}

/// <summary>
/// Two states of rows in double, assigned in another order than they are declared: one by a flag of the step, the other from the mean of the first, the one before the step,
/// and a state of elements; with a scalar of the tensor.
/// </summary>
[Optimizer(RowKernels = true)]
internal sealed partial class ChainedMeans
{
    [Hyperparameter]
    public double LearningRate { get; set; } = 0.1;

    [PerStep]
    private static void Warm(long step, out bool isWarm) => isWarm = step > 2;

    [PerTensor]
    private static void Scale(long elementCount, out double scale) => scale = 1 + 1.0 / elementCount;

    [UpdateRule]
    private static double Update(
        double parameter, [WeightDecay(0.01)] double gradient, [State(Granularity = StateGranularity.Row)] ref double largest,
        [State(Granularity = StateGranularity.Row, InitialValue = 0.5)] ref double square, [State] ref double moment, [Previous("square")] double before, bool isWarm,
        double scale, double learningRate)
    {
        square = isWarm ? 0.9 * square + 0.1 * gradient * gradient : gradient * gradient;
        moment = 0.5 * moment + gradient * before;
        largest = Math.Max(largest, square + before * moment * moment);
        return parameter - learningRate * scale * moment / (Math.Sqrt(largest) + 1e-3);
    }
}

/// <summary>The number of steps of each row: what is assigned is the same for all of its elements.</summary>
[Optimizer]
internal sealed partial class CountedRows
{
    [Hyperparameter]
    public float LearningRate { get; set; } = 1f;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(Granularity = StateGranularity.Row)] ref float count, float learningRate)
    {
        count += 1;
        return parameter - learningRate / count * gradient;
    }
}

/// <summary>A state of rows among branches, calls and truth values.</summary>
[Optimizer(RowKernels = true)]
internal sealed partial class BranchingRows
{
    private const float Half = 0.5f;

    private static readonly float Third = 1f / 3;

    [Hyperparameter(Min = 0, Max = 1)]
    public float Rho { get; set; } = 0.875f;

    [UpdateRule]
    private static float Update(
        float parameter, [ClipByValue(8)] float gradient, [Ewa(0.5), BiasCorrection] float average, [State] ref float last,
        [State(Granularity = StateGranularity.Row, InitialValue = 2)] ref float size, float rho)
    {
        bool isFar = Math.Abs(gradient) > size || gradient == last;
        float taken = isFar && gradient < 0 ? -gradient : Soften(gradient, rho) * Third;
        size = rho * size + (1 - rho) * MathF.Max(taken, Half);
        float moved = average;
        if (!isFar)
        {
            moved = average / size;
            last = gradient;
        }
        else if (moved > size)
        {
            return parameter - Half * size;
        }

        last++;
        return parameter - 0.1f * moved;
    }

    private static float Soften(float x, in float by) => x > by ? x - by : -by;
}
