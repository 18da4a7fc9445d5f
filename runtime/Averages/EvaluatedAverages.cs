namespace OptimGen;

/// <summary>
/// The parameters of an optimizer that trains at one point and is evaluated at another, an average, while they stand at the second. Disposing of it
/// puts back the point of training, bit by bit. Until then the optimizer refuses to step.
/// </summary>
public sealed class EvaluatedAverages : IDisposable
{
    private readonly Optimizer optimizer;
    private readonly Action restore;
    private bool isDisposed;

    /// <param name="optimizer">The optimizer whose parameters are moved.</param>
    /// <param name="restore">Puts them back.</param>
    /// <exception cref="InvalidOperationException">They have been moved already.</exception>
    internal EvaluatedAverages(Optimizer optimizer, Action restore)
    {
        RequireTrainingPoint(optimizer);
        (this.optimizer, this.restore) = (optimizer, restore);
        optimizer.IsAtAverages = true;
    }

    /// <summary>Refuses what has a meaning only while the parameters stand where they are trained.</summary>
    /// <exception cref="InvalidOperationException">They have been moved.</exception>
    internal static void RequireTrainingPoint(Optimizer optimizer)
    {
        if (optimizer.IsAtAverages)
        {
            throw new InvalidOperationException($"The parameters of {optimizer.Definition.Name} stand at their averages already.");
        }
    }

    /// <summary>Puts the parameters back as they were trained.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            restore();
            optimizer.IsAtAverages = false;
        }
    }
}
