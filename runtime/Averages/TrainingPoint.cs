using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// Keeps track of whether a parameter set holds its trained values or has been given the values of an average. Each set has one, and not each optimizer,
/// because all optimizers over a set read and write the same values.
/// </summary>
internal sealed class TrainingPoint
{
    /// <summary>The optimizer whose average the set holds; <see langword="null"/> if the set holds its trained values.</summary>
    private Optimizer? averageOwner;

    /// <summary>Whether the values have been replaced by an average.</summary>
    public bool IsReplaced => averageOwner is not null;

    /// <summary>Marks the values as replaced by an average of an optimizer.</summary>
    /// <exception cref="InvalidOperationException">They are already replaced by an average, of this or another optimizer.</exception>
    public void Replace(Optimizer optimizer)
    {
        if (Interlocked.CompareExchange(ref averageOwner, optimizer, null) is { } owner)
        {
            Refuse(optimizer, "evaluate its average", owner);
        }
    }

    /// <summary>Marks the values as the trained ones.</summary>
    public void Restore() => Volatile.Write(ref averageOwner, null);

    /// <summary>Throws if the values are not the trained ones, for an action that needs those.</summary>
    /// <param name="optimizer">The optimizer that performs the action.</param>
    /// <param name="action">The action, for the message, such as <c>step</c>.</param>
    /// <exception cref="InvalidOperationException">The values have been replaced by an average.</exception>
    public void Require(Optimizer optimizer, string action)
    {
        if (Volatile.Read(ref averageOwner) is { } owner)
        {
            Refuse(optimizer, action, owner);
        }
    }

    [DoesNotReturn]
    private static void Refuse(Optimizer optimizer, string action, Optimizer averageOwner) => throw new InvalidOperationException(
        $"{optimizer.Definition.Name} cannot {action}: the parameters stand at an average of "
        + $"{(averageOwner == optimizer ? "it" : $"another optimizer, {averageOwner.Definition.Name}")}. Dispose of the {nameof(EvaluatedAverages)} first.");
}
