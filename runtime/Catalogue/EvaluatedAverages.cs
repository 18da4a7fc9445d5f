namespace OptimGen;

/// <summary>
/// The parameters of an optimizer that trains at one point and is evaluated at another, while they stand at the second. Disposing of it puts back the
/// point of training, bit by bit.
/// </summary>
public sealed class EvaluatedAverages : IDisposable
{
    private readonly ParameterSet<float> parameters;
    private readonly float[][] trained;
    private bool isDisposed;

    internal EvaluatedAverages(Optimizer<float> optimizer, CopyAverages copy)
    {
        RequireAverages(optimizer);
        parameters = optimizer.Parameters;
        trained = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        foreach (Parameter<float> parameter in parameters)
        {
            copy(parameter, parameter.Values);
        }
    }

    /// <summary>Writes the averages of one parameter over its values, which <paramref name="values"/> still holds.</summary>
    internal delegate void CopyAverages(Parameter<float> parameter, Span<float> values);

    /// <summary>Puts the parameters back as they were trained.</summary>
    public void Dispose()
    {
        for (int i = 0; !isDisposed && i < trained.Length; i++)
        {
            trained[i].CopyTo(parameters[i].Values);
        }

        isDisposed = true;
    }

    /// <summary>Refuses what asks for averages before there are any.</summary>
    internal static void RequireAverages(Optimizer<float> optimizer)
    {
        if (optimizer.StepCount == 0)
        {
            throw new InvalidOperationException($"{optimizer.Definition.Name} has taken no step, so it has no averages.");
        }
    }

    /// <summary>Refuses what asks for averages before there are any, or has not the room of the parameter.</summary>
    internal static void RequireAverages(Optimizer<float> optimizer, Parameter<float> parameter, Span<float> averages)
    {
        RequireAverages(optimizer);
        if (averages.Length != parameter.Length)
        {
            throw new ArgumentException(
                $"There is room for {averages.Length} averages; parameter '{parameter.Name}' has {parameter.Length}.", nameof(averages));
        }
    }
}
