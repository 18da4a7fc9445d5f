namespace OptimGen;

/// <summary>
/// The parameters of an optimizer that trains at one point and is evaluated at another, an average, while they stand at the second. Disposing of it
/// puts back the point of training, bit by bit. Until then no optimizer over the same parameters steps, and none evaluates or starts an average.
/// </summary>
public sealed class EvaluatedAverages : IDisposable
{
    private readonly Optimizer optimizer;
    private readonly Action exchange;
    private bool isDisposed;

    /// <param name="optimizer">The optimizer whose parameters are replaced.</param>
    /// <param name="exchange">Exchanges trained values and averages; if it throws, it has stored nothing.</param>
    /// <exception cref="InvalidOperationException">The parameters have been replaced already.</exception>
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

    /// <summary>Puts the parameters back as they were trained. A second call does nothing.</summary>
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
