namespace OptimGen;

/// <summary>The averages that an optimizer of the catalogue has beside its parameters, or can compute from its state.</summary>
internal static class DerivedAverages
{
    /// <summary>Writes the averages of one parameter.</summary>
    public delegate void CopyAverages(Parameter<float> parameter, Span<float> averages);

    /// <summary>Puts the averages in place of the parameters, until the result is disposed of.</summary>
    public static EvaluatedAverages Evaluate(Optimizer<float> optimizer, CopyAverages copy)
    {
        Require(optimizer);
        optimizer.TrainingPoint.Require(optimizer, "evaluate its average");
        var averages = new float[optimizer.Parameters.Count][];
        for (int i = 0; i < averages.Length; i++)
        {
            averages[i] = new float[optimizer.Parameters[i].Length];
            copy(optimizer.Parameters[i], averages[i]);
        }

        return new EvaluatedAverages(optimizer, () => Exchange(optimizer.Parameters, averages));
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

    private static void Exchange(ParameterSet<float> parameters, float[][] averages)
    {
        parameters.RequireMemory();
        for (int parameter = 0; parameter < averages.Length; parameter++)
        {
            parameters[parameter].ExchangeValues(averages[parameter]);
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
