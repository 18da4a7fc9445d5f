namespace OptimGen;

/// <summary>The hyperparameters of an optimizer in a checkpoint: their names, for readers that do not have the rule, and an entry for each.</summary>
internal static class HyperparameterEntries
{
    private const string Names = "hyperparameters";

    public static void Save(Optimizer optimizer, CheckpointWriter writer)
    {
        IReadOnlyList<HyperparameterDefinition> hyperparameters = optimizer.Definition.Hyperparameters;
        writer.Write(Names, string.Join('\n', hyperparameters.Select(hyperparameter => hyperparameter.Name)));
        foreach (HyperparameterDefinition hyperparameter in hyperparameters)
        {
            writer.Write(Entry(hyperparameter.Name), optimizer.GetHyperparameter(hyperparameter.Name));
        }
    }

    /// <summary>The value of one.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public static double Read(CheckpointReader reader, string name) => reader.ReadDouble(Entry(name));

    /// <summary>All that the checkpoint has; none for one without their names.</summary>
    public static IEnumerable<KeyValuePair<string, double>> ReadAll(CheckpointReader reader) => reader.Contains(Names)
        ? reader.ReadString(Names).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create(name, Read(reader, name)))
        : [];

    /// <summary>Any identifier can be the name of a hyperparameter, so they have a prefix that no other entry has.</summary>
    private static string Entry(string name) => $"{Names}.{name}";
}
