namespace OptimGen;

/// <summary>
/// What a checkpoint can be made of: a <see cref="Trainer{T}"/> (the whole run), an <see cref="Optimizer{T}"/> (its states, hyperparameters and settings)
/// or a <see cref="ParameterSet{T}"/> (the values of the parameters). See <see cref="Checkpoint"/>.
/// </summary>
public interface ICheckpointable
{
    /// <summary>Writes everything that has to be restored.</summary>
    /// <param name="writer">Receives the entries. Memory that is written must not change until the checkpoint is complete.</param>
    /// <exception cref="InvalidOperationException">There is nothing to be saved at this moment, such as while parameters stand at an average.</exception>
    void SaveTo(CheckpointWriter writer);

    /// <summary>Reads and checks everything that <see cref="SaveTo"/> writes, and changes nothing.</summary>
    /// <param name="reader">Has the entries.</param>
    /// <returns>Makes the changes. It is called when the whole checkpoint has been checked, and must not fail.</returns>
    /// <exception cref="CheckpointException">An entry is missing or does not fit.</exception>
    Action LoadFrom(CheckpointReader reader);
}
