using System.ComponentModel;
using System.Numerics;

namespace OptimGen;

/// <summary>
/// The hyperparameters that hold for one group of the parameters, in place of the optimizer's. A generated optimizer has a class of its own for them, with a
/// property for each: <c>optimizer.For(biases).WeightDecay = 0</c>.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public class GroupHyperparameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly HyperparameterDefinition ScaleDefinition = new("LearningRateScale", 1, Minimum: 0);

    private readonly Optimizer<T> optimizer;
    private readonly T?[] values;
    private T scale = T.One;

    /// <summary>For generated code: the hyperparameters of a group, none of which is set.</summary>
    /// <param name="optimizer">The optimizer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GroupHyperparameters(Optimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        this.optimizer = optimizer;
        values = new T?[optimizer.Definition.Hyperparameters.Count];
    }

    /// <summary>The group's name, for messages.</summary>
    internal string Group { get; set; } = "";

    /// <summary>For generated code: the factor of the learning rate.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal T Scale
    {
        get => scale;
        set
        {
            ScaleDefinition.Require(value, Group);
            scale = value;
            optimizer.InvalidateSettings();
        }
    }

    /// <summary>For generated code: the hyperparameter at a position in the definition; <see langword="null"/> if it is the optimizer's.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal T? Read(int index) => values[index];

    /// <summary>For generated code: sets the hyperparameter at a position in the definition.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal void Write(int index, T? value)
    {
        if (value is { } given)
        {
            optimizer.Definition.Hyperparameters[index].Require(given, Group);
        }

        values[index] = value;
        optimizer.InvalidateSettings();
    }
}
