namespace OptimGen;

/// <summary>What loading a checkpoint allows. By default everything must fit.</summary>
public sealed record CheckpointLoadOptions
{
    /// <summary>Everything must fit.</summary>
    public static CheckpointLoadOptions Default { get; } = new();

    /// <summary>
    /// The name here for the name of a tensor in the file, such as <c>name => name["model.".Length..]</c> for a file that another library wrote;
    /// <see langword="null"/> as a result leaves the tensor out. Default: <see langword="null"/>, names are as they are.
    /// </summary>
    public Func<string, string?>? Rename { get; init; }

    /// <summary>Whether tensors that belong to nothing here are ignored. Default: <see langword="false"/>, they are refused.</summary>
    public bool IgnoreUnknownTensors { get; init; }

    /// <summary>
    /// Whether an optimizer continues the states of a rule that computes something else, if the states have the same names. Default:
    /// <see langword="false"/>, another rule is refused.
    /// </summary>
    public bool AcceptChangedRule { get; init; }
}
