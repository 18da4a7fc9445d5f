namespace OptimGen;

/// <summary>
/// A scope in which the parameters of an optimizer have the values of an average, for evaluation. Disposing of it restores the trained values, to the
/// bit. Until then no optimizer over the same parameters can step, or evaluate or start an average.
/// </summary>
public sealed class EvaluatedAverages : IDisposable
{
    private readonly Optimizer optimizer;
    private readonly Action exchange;
    private bool isDisposed;

    /// <param name="optimizer">The optimizer whose parameters are replaced.</param>
    /// <param name="exchange">Swaps trained values and averages. If it throws, it must have stored nothing.</param>
    /// <exception cref="InvalidOperationException">The parameters are already replaced by an average.</exception>
    internal EvaluatedAverages(Optimizer optimizer, Action exchange)
    {
        (this.optimizer, this.exchange) = (optimizer, exchange);
        optimizer.TrainingPoint.Replace(optimizer);
        try
        {
            exchange();
        }
        catch
        {
            optimizer.TrainingPoint.Restore();
            throw;
        }
    }

    /// <summary>Restores the trained values of the parameters. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            exchange();
            isDisposed = true;
            optimizer.TrainingPoint.Restore();
        }
    }
}
