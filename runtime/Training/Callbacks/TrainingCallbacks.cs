using System.Collections.ObjectModel;
using System.Numerics;

namespace OptimGen;

/// <summary>The callbacks of a trainer, in the order in which they are called. The list cannot change while the trainer trains.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TrainingCallbacks<T> : Collection<TrainingCallback<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Trainer<T> trainer;

    internal TrainingCallbacks(Trainer<T> trainer) => this.trainer = trainer;

    /// <summary>Takes the callbacks out, so that none is called or saved, until the result is disposed of.</summary>
    internal IDisposable Suspend()
    {
        var suspension = new Suspension(this, [.. this]);
        Items.Clear();
        return suspension;
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, TrainingCallback<T> item)
    {
        RequireChange(item);
        base.InsertItem(index, item);
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, TrainingCallback<T> item)
    {
        RequireChange(item, replaced: this[index]);
        base.SetItem(index, item);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        RequireIdle();
        base.RemoveItem(index);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        RequireIdle();
        base.ClearItems();
    }

    private void RequireChange(TrainingCallback<T> item, TrainingCallback<T>? replaced = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        RequireIdle();
        ArgumentException.ThrowIfNullOrWhiteSpace(item.Name);
        if (item.Name.Contains('\n', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The name of the callback, '{item.Name}', has a line break; a checkpoint lists the names in lines.", nameof(item));
        }

        if (this.FirstOrDefault(callback => callback.Name == item.Name) is { } other && other != replaced)
        {
            throw new ArgumentException(
                $"The trainer already has a callback called '{item.Name}'. A checkpoint keeps their states by name, so each needs its own.", nameof(item));
        }
    }

    private void RequireIdle()
    {
        if (trainer.IsTraining)
        {
            throw new InvalidOperationException("The callbacks cannot be changed while the trainer trains.");
        }
    }

    private sealed class Suspension(TrainingCallbacks<T> callbacks, TrainingCallback<T>[] suspended) : IDisposable
    {
        public void Dispose()
        {
            callbacks.Items.Clear();
            foreach (TrainingCallback<T> callback in suspended)
            {
                callbacks.Items.Add(callback);
            }
        }
    }
}
