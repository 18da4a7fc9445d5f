using System.ComponentModel;

namespace OptimGen;

/// <summary>
/// An optimizer, whatever its element type: what a training loop, a schedule or a report needs to know of it. A class marked
/// <see cref="OptimizerAttribute"/> derives from <see cref="Optimizer{T}"/>.
/// </summary>
/// <remarks>
/// Settings and hyperparameters may change between any two steps and hold from the next one on. Optimizers over different parameters may step at the same
/// time; one optimizer is not safe for use by several threads at once.
/// </remarks>
public abstract class Optimizer
{
    private InstructionSet instructionSet = InstructionSets.Selected;
    private NonFiniteGradientPolicy nonFiniteGradients;
    private int maxDegreeOfParallelism = Environment.ProcessorCount;
    private double gradientScale = 1;
    private double? maxGradientNorm;
    private double? maxGradientValue;

    /// <summary>For the runtime's own base class.</summary>
    private protected Optimizer(OptimizerDefinition definition) => Definition = definition;

    /// <summary>The rule's name, equations, hyperparameters and state.</summary>
    public OptimizerDefinition Definition { get; }

    /// <summary>The number of steps taken, t.</summary>
    public long StepCount { get; private protected set; }

    /// <summary>
    /// The instruction set whose kernel runs. It starts as <see cref="InstructionSets.Selected"/>; every one gives the same bits.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">This machine does not support the value.</exception>
    public InstructionSet InstructionSet
    {
        get => instructionSet;
        set
        {
            InstructionSets.Require(value, $"{Definition.Name}.{nameof(InstructionSet)} was set to it");
            instructionSet = value;
        }
    }

    /// <summary>
    /// The most threads that a step uses, the calling one among them. Default: the number of processors; a step never uses more. A step over few elements
    /// stays on one thread, and so does one that is taken while another optimizer's step uses the others. The results are the same bits for any number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => maxDegreeOfParallelism;
        set => maxDegreeOfParallelism = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MaxDegreeOfParallelism), value, $"{nameof(MaxDegreeOfParallelism)} is {value}; it must be at least 1.");
    }

    /// <summary>
    /// What a step does about gradients that are not finite, decided before it stores anything. Default: <see cref="NonFiniteGradientPolicy.Throw"/>.
    /// To look reads the gradients once more, unless <see cref="MaxGradientNorm"/> has them read anyway.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public NonFiniteGradientPolicy NonFiniteGradients
    {
        get => nonFiniteGradients;
        set => nonFiniteGradients = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(NonFiniteGradients), value, $"{nameof(NonFiniteGradients)} is {value}; it must be one of {string.Join(", ", Enum.GetNames<NonFiniteGradientPolicy>())}.");
    }

    /// <summary>
    /// A factor that the rule sees every gradient multiplied by: 1/s undoes a loss scale s of mixed precision, 1/k makes the mean of k accumulated
    /// gradients. Default: 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or not above 0. One that the element type cannot hold the step refuses.</exception>
    public double GradientScale
    {
        get => gradientScale;
        set => gradientScale = Positive(value, nameof(GradientScale)) < double.PositiveInfinity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(GradientScale), value, $"{nameof(GradientScale)} is {value}; it must be finite.");
    }

    /// <summary>
    /// The largest Euclidean norm that all gradients together may have: if it is n and larger, the rule sees every gradient multiplied by the maximum over n.
    /// Taken after <see cref="GradientScale"/>. Default: <see langword="null"/>, no clipping; infinity computes the norm
    /// (<see cref="StepResult.GradientNorm"/>) and never clips. The norm reads the gradients once more and has the same bits everywhere.
    /// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, arXiv:1211.5063.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, or not above 0.</exception>
    public double? MaxGradientNorm
    {
        get => maxGradientNorm;
        set => maxGradientNorm = value is { } given ? Positive(given, nameof(MaxGradientNorm)) : null;
    }

    /// <summary>
    /// c: the rule sees every element of a gradient limited to [−c, c], after <see cref="GradientScale"/> and <see cref="MaxGradientNorm"/>.
    /// Default: <see langword="null"/>, no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, or not above 0.</exception>
    public double? MaxGradientValue
    {
        get => maxGradientValue;
        set => maxGradientValue = value is { } given ? Positive(given, nameof(MaxGradientValue)) : null;
    }

    /// <summary>
    /// Whether a step leaves every gradient at zero, ready to be accumulated into again. Default: <see langword="false"/>. It is done while they are in
    /// the cache, so it costs no pass of its own.
    /// </summary>
    public bool ZeroGradientsAfterStep { get; set; }

    /// <summary>Whether the rule has a hyperparameter <c>LearningRate</c>, for a schedule to set.</summary>
    public bool HasLearningRate => Definition.Hyperparameters.Any(one => one.Name == "LearningRate");

    /// <summary>Whether the parameters stand at an average.</summary>
    internal abstract TrainingPoint TrainingPoint { get; }

    /// <summary>Updates every parameter once by the rule, from its gradient. It is all or nothing: what is refused changes nothing.</summary>
    /// <returns>Whether the step was taken, and the norm of the gradients where that was asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside of its bounds; the message names it and its value.</exception>
    /// <exception cref="NonFiniteGradientException">A gradient is not finite (see <see cref="NonFiniteGradients"/>).</exception>
    /// <exception cref="ArithmeticException">
    /// A scalar of the step, such as its size, a norm or <see cref="GradientScale"/>, is not finite in the element type; the message names it and its value.
    /// </exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average (<see cref="EvaluatedAverages"/>), of whichever optimizer.</exception>
    public abstract StepResult Step();

    /// <summary>Sets the gradient of every parameter to zero.</summary>
    public abstract void ZeroGradients();

    /// <summary>The value of the hyperparameter of that name, such as <c>LearningRate</c>.</summary>
    /// <exception cref="ArgumentException">The rule has none of that name.</exception>
    public double GetHyperparameter(string name) => ReadHyperparameter(Definition.IndexOf(name));

    /// <summary>Sets the hyperparameter of that name. The value is narrowed to the element type.</summary>
    /// <exception cref="ArgumentException">The rule has none of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is not allowed.</exception>
    public void SetHyperparameter(string name, double value)
    {
        int index = Definition.IndexOf(name);
        Definition.Hyperparameters[index].Require(value);
        WriteHyperparameter(index, value);
    }

    /// <summary>Implemented by generated code: reads a hyperparameter by its position in the definition.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract double ReadHyperparameter(int index);

    /// <summary>Implemented by generated code: writes a hyperparameter by its position in the definition.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void WriteHyperparameter(int index, double value);

    private static double Positive(double value, string name) => value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be above 0."));
}
