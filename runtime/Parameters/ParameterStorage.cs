namespace OptimGen;

/// <summary>In which form the arena keeps a parameter.</summary>
public sealed record ParameterStorage
{
    /// <summary>Values and gradient in <see cref="Storage.BFloat16"/>: four bytes an element together, in place of eight.</summary>
    public static ParameterStorage BFloat16 { get; } = new() { Values = Storage.BFloat16, Gradients = Storage.BFloat16 };

    /// <summary>
    /// The form of the values: <see cref="Storage.Native"/>, the default, or <see cref="Storage.BFloat16"/>. How a step rounds them is the optimizer's:
    /// <see cref="OptimizerOptions.BFloat16Update"/>.
    /// </summary>
    public Storage Values { get; init; }

    /// <summary>The form of the gradient: <see cref="Storage.Native"/>, the default, or <see cref="Storage.BFloat16"/>.</summary>
    public Storage Gradients { get; init; }

    /// <summary>Refuses a form that parameters do not have.</summary>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="argument">The argument that says the form.</param>
    internal void Require<T>(string name, string argument)
    {
        foreach ((Storage form, string what) in new[] { (Values, nameof(Values)), (Gradients, nameof(Gradients)) })
        {
            if (form is not (Storage.Native or Storage.BFloat16))
            {
                throw new ArgumentException(
                    $"Parameter '{name}' has {what} in {form}; they can be in {Storage.Native} or {Storage.BFloat16}.", argument);
            }

            if (form != Storage.Native && typeof(T) != typeof(float))
            {
                throw new NotSupportedException(
                    $"Parameter '{name}' has {what} in {form}, and the set is in {typeof(T).Name}; only a set in single precision has them.");
            }
        }
    }
}
