namespace OptimGen;

/// <summary>The averages that an optimizer of the catalogue has beside its parameters, or can compute from its state.</summary>
internal static class DerivedAverages
{
    /// <summary>Writes the averages of one parameter over its values, which <paramref name="values"/> still holds.</summary>
    public delegate void CopyAverages(Parameter<float> parameter, Span<float> values);

    /// <summary>Puts the averages in place of the parameters, until the result is disposed of.</summary>
    public static EvaluatedAverages Evaluate(Optimizer<float> optimizer, CopyAverages copy)
    {
        Require(optimizer);
        EvaluatedAverages.RequireTrainingPoint(optimizer);
        float[][] trained = [.. optimizer.Parameters.Select(parameter => parameter.Values.ToArray())];
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            copy(parameter, parameter.Values);
        }

        return new EvaluatedAverages(optimizer, () =>
        {
            for (int i = 0; i < trained.Length; i++)
            {
                trained[i].CopyTo(optimizer.Parameters[i].Values);
            }
        });
    }

    /// <summary>Refuses what asks for averages before there are any, or has not the room of the parameter.</summary>
    public static void Require(Optimizer<float> optimizer, Parameter<float> parameter, Span<float> averages)
    {
        Require(optimizer);
        if (averages.Length != parameter.Length)
        {
            throw new ArgumentException(
                $"There is room for {averages.Length} averages; parameter '{parameter.Name}' has {parameter.Length}.", nameof(averages));
        }
    }

    private static void Require(Optimizer<float> optimizer)
    {
        if (optimizer.StepCount == 0)
        {
            throw new InvalidOperationException($"{optimizer.Definition.Name} has taken no step, so it has no averages.");
        }
    }
}
