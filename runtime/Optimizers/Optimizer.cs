using System.ComponentModel;

namespace OptimGen;

/// <summary>
/// An optimizer, whatever its element type: what a training loop, a schedule or a report needs to know of it. A class marked
/// <see cref="OptimizerAttribute"/> derives from <see cref="Optimizer{T}"/>.
/// </summary>
public abstract class Optimizer
{
    private InstructionSet instructionSet = InstructionSets.Selected;

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
    /// Whether <see cref="Step"/> looks for gradients that are not finite, and refuses them, before it stores anything. This reads the
    /// gradients once more. Default: <see langword="true"/>. Without it, what is not finite spreads into parameters and state.
    /// </summary>
    public bool RefuseNonFiniteGradients { get; set; } = true;

    /// <summary>Whether the rule has a hyperparameter <c>LearningRate</c>, for a schedule to set.</summary>
    public bool HasLearningRate => Definition.Hyperparameters.Any(one => one.Name == "LearningRate");

    /// <summary>Updates every parameter once by the rule, from its gradient. It is all or nothing: what is refused changes nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter is outside of its bounds; the message names it and its value.</exception>
    /// <exception cref="NonFiniteGradientException">A gradient is not finite (see <see cref="RefuseNonFiniteGradients"/>).</exception>
    public abstract void Step();

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
}
