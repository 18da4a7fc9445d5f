using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// Whether the values of a parameter set are the trained ones, or have been replaced by an average. The state belongs to the set and not to an
/// optimizer, because all optimizers over a set read and write the same values.
/// </summary>
internal sealed class TrainingPoint
{
    private Optimizer? holder;

    /// <summary>Whether the values have been replaced by an average.</summary>
    public bool IsReplaced => holder is not null;

    /// <summary>Marks the values as replaced by an average of an optimizer.</summary>
    /// <exception cref="InvalidOperationException">They have been replaced already, by this optimizer's average or another's.</exception>
    public void Replace(Optimizer optimizer)
    {
        if (Interlocked.CompareExchange(ref holder, optimizer, null) is { } other)
        {
            Refuse(optimizer, "evaluate its average", other);
        }
    }

    /// <summary>Marks the values as the trained ones.</summary>
    public void Restore() => Volatile.Write(ref holder, null);

    /// <summary>Refuses what an optimizer can do at the trained values only.</summary>
    /// <param name="optimizer">The optimizer that asks.</param>
    /// <param name="action">What it is to do, such as <c>step</c>.</param>
    /// <exception cref="InvalidOperationException">They have been replaced.</exception>
    public void Require(Optimizer optimizer, string action)
    {
        if (Volatile.Read(ref holder) is { } other)
        {
            Refuse(optimizer, action, other);
        }
    }

    [DoesNotReturn]
    private static void Refuse(Optimizer optimizer, string action, Optimizer holder) => throw new InvalidOperationException(
        $"{optimizer.Definition.Name} cannot {action}: the parameters stand at an average of "
        + $"{(holder == optimizer ? "it" : $"another optimizer, {holder.Definition.Name}")}. Dispose of the {nameof(EvaluatedAverages)} first.");
}
