using System.ComponentModel;
using System.Numerics;

namespace OptimGen;

/// <summary>
/// The hyperparameters of one parameter group, each of which overrides the optimizer's value if it is set. For each optimizer the generator writes a
/// derived class with a property for each hyperparameter: <c>optimizer.For(biases).WeightDecay = 0</c>.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public class GroupHyperparameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The factor of the learning rate, which every rule with a learning rate has for each group.</summary>
    internal static readonly HyperparameterDefinition ScaleDefinition = new("LearningRateScale", 1, Minimum: 0);

    private readonly Optimizer<T> optimizer;
    private readonly T?[] values;
    private T scale = T.One;

    /// <summary>For generated code: creates the hyperparameters of a group, with none set.</summary>
    /// <param name="optimizer">The optimizer.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GroupHyperparameters(Optimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        this.optimizer = optimizer;
        values = new T?[optimizer.Definition.Hyperparameters.Count];
    }

    /// <summary>The group's name, used in messages.</summary>
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

    /// <summary>
    /// For generated code: the hyperparameter at a position in the definition; <see langword="null"/> if the group uses the optimizer's value.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal T? Read(int index) => values[index];

    /// <summary>For generated code: sets the hyperparameter at a position in the definition.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal void Write(int index, T? value)
    {
        if (value is { } number)
        {
            optimizer.Definition.Hyperparameters[index].Require(number, Group);
        }

        values[index] = value;
        optimizer.InvalidateSettings();
    }
}
