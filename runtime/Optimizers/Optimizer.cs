namespace OptimGen;

/// <summary>
/// The members of an optimizer that do not depend on its element type, for training loops, schedules and reports. A class marked
/// <see cref="OptimizerAttribute"/> derives from <see cref="Optimizer{T}"/>.
/// </summary>
/// <remarks>
/// Settings and hyperparameters may be changed between steps; the next step uses the new values. Optimizers over different parameters may step at the
/// same time. One optimizer is not thread-safe.
/// </remarks>
public abstract class Optimizer
{
    private long stepCount;
    private InstructionSet instructionSet = InstructionSets.Selected;
    private NonFiniteGradientPolicy nonFiniteGradients;
    private int maxDegreeOfParallelism = Environment.ProcessorCount;
    private double gradientScale = 1;
    private double? maxGradientNorm;
    private double? maxGradientValue;

    /// <summary>For <see cref="Optimizer{T}"/>, the only direct subclass.</summary>
    private protected Optimizer(OptimizerDefinition definition) => Definition = definition;

    /// <summary>The rule's name, equations, hyperparameters and state.</summary>
    public OptimizerDefinition Definition { get; }

    /// <summary>The number of steps taken, t. To restore a checkpoint, set it together with the states.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long StepCount
    {
        get => stepCount;
        set => stepCount = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StepCount), value, $"{nameof(StepCount)} is {value}; it must not be negative.");
    }

    /// <summary>
    /// The instruction set whose kernels run. Default: <see cref="InstructionSets.Selected"/>. All instruction sets give the same bits.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">This machine does not support the value.</exception>
    public InstructionSet InstructionSet
    {
        get => instructionSet;
        set
        {
            InstructionSets.Require(value, $"{Definition.Name}.{nameof(InstructionSet)} was set to it");
            instructionSet = value;
            OnInstructionSetChanged(value);
        }
    }

    /// <summary>
    /// The largest number of threads that a step uses, the calling one included. Default: the number of processors, which is also the upper limit. A step
    /// over few elements runs on the calling thread alone, and so does a step while another optimizer's step uses the other threads. The results have the
    /// same bits for any number of threads.
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
    /// What a step does about gradients that are not finite. Default: <see cref="NonFiniteGradientPolicy.Throw"/>. The check is one more pass over the
    /// gradients, unless <see cref="MaxGradientNorm"/> is set, whose pass includes it.
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
    /// A factor by which every gradient is multiplied before the rule: 1/s undoes a loss scale s of mixed precision, 1/k makes the mean of k accumulated
    /// gradients. Default: 1. A step refuses a value that is too large for the element type.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or not above 0.</exception>
    public double GradientScale
    {
        get => gradientScale;
        set => gradientScale = RequirePositive(value, nameof(GradientScale)) < double.PositiveInfinity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(GradientScale), value, $"{nameof(GradientScale)} is {value}; it must be finite.");
    }

    /// <summary>
    /// The largest Euclidean norm of all gradients together (clipping by global norm). If the norm n, after <see cref="GradientScale"/>, is larger than
    /// this maximum c, every gradient is multiplied by c/n before the rule. Default: <see langword="null"/>, no clipping. Infinity computes the norm
    /// (<see cref="StepResult.GradientNorm"/>) and never clips. The norm takes one more pass over the gradients. It has the same bits on every
    /// instruction set and for any number of threads. Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013,
    /// arXiv:1211.5063.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, or not above 0.</exception>
    public double? MaxGradientNorm
    {
        get => maxGradientNorm;
        set => maxGradientNorm = value is { } norm ? RequirePositive(norm, nameof(MaxGradientNorm)) : null;
    }

    /// <summary>
    /// c: every element of a gradient is clamped to [−c, c] before the rule, after <see cref="GradientScale"/> and <see cref="MaxGradientNorm"/>.
    /// Default: <see langword="null"/>, no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN, or not above 0.</exception>
    public double? MaxGradientValue
    {
        get => maxGradientValue;
        set => maxGradientValue = value is { } limit ? RequirePositive(limit, nameof(MaxGradientValue)) : null;
    }

    /// <summary>
    /// Whether a step sets every gradient to zero, ready to be accumulated into again. Default: <see langword="false"/>. The update kernel does it
    /// while the gradients are in the cache, so it needs no separate pass.
    /// </summary>
    public bool ZeroGradientsAfterStep { get; set; }

    /// <summary>Whether the rule has a hyperparameter <c>LearningRate</c>, for a schedule to set.</summary>
    public bool HasLearningRate => Definition.Hyperparameters.Any(hyperparameter => hyperparameter.Name == "LearningRate");

    /// <summary>Keeps track of whether the parameters are replaced by an average.</summary>
    internal abstract TrainingPoint TrainingPoint { get; }

    /// <summary>
    /// Updates every parameter once by the rule, from its gradient. It is all or nothing: a step that throws has changed nothing. Only
    /// <see cref="NonFiniteGradientPolicy.StepFinitePieces"/> throws after it has updated a part of the elements.
    /// </summary>
    /// <returns>Whether the step was taken, and, if <see cref="MaxGradientNorm"/> is set, the norm of the gradients.</returns>
    /// <exception cref="NonFiniteGradientException">A gradient is not finite (see <see cref="NonFiniteGradients"/>).</exception>
    /// <exception cref="ArithmeticException">
    /// A scalar of the step, such as its size, a norm or <see cref="GradientScale"/>, is not finite in the element type; the message names it and its value.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A hyperparameter is outside of its bounds, and the message names it and its value; or the parameters are replaced by an average
    /// (<see cref="EvaluatedAverages"/>) of this or another optimizer.
    /// </exception>
    public abstract StepResult Step();

    /// <summary>Sets the gradient of every parameter to zero.</summary>
    public abstract void ZeroGradients();

    /// <summary>The value of the hyperparameter of that name, such as <c>LearningRate</c>.</summary>
    /// <exception cref="ArgumentException">The rule has no hyperparameter of that name.</exception>
    public abstract double GetHyperparameter(string name);

    /// <summary>
    /// Sets the hyperparameter of that name. The value is checked against the bounds before and after it is rounded to the element type.
    /// </summary>
    /// <exception cref="ArgumentException">The rule has no hyperparameter of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is not allowed.</exception>
    public abstract void SetHyperparameter(string name, double value);

    private protected abstract void OnInstructionSetChanged(InstructionSet instructionSet);

    private static double RequirePositive(double value, string name) => value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be above 0."));
}
