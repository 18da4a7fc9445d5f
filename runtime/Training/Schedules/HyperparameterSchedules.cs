using System.Numerics;

namespace OptimGen;

/// <summary>
/// The schedules of a trainer: for each hyperparameter at most one for the optimizer, and one for each parameter group.
/// </summary>
/// <remarks>
/// Before every step all values are computed and checked, then set. A value that is not allowed ends the training with an
/// <see cref="InvalidOperationException"/> before any hyperparameter has been set; an exception of a property of the user's class, after those that were
/// set have their former values again. A hyperparameter whose schedule is removed keeps its last value.
/// A group without a schedule of its own follows the optimizer's: its learning rate is that of the schedule times its <c>LearningRateScale</c>, unless it
/// overrides the learning rate.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HyperparameterSchedules<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string LearningRate = "LearningRate";

    private readonly Optimizer<T> optimizer;

    /// <summary>In the order of their positions.</summary>
    private readonly List<Entry> entries = [];

    internal HyperparameterSchedules(Optimizer<T> optimizer) => this.optimizer = optimizer;

    /// <summary>
    /// All schedules, in the order of the optimizer's definition, those of the optimizer before those of the groups: a copy that later changes leave alone.
    /// </summary>
    public IReadOnlyList<ScheduledHyperparameter<T>> All => [.. entries.Select(entry => entry.Scheduled)];

    /// <summary>The schedule of a hyperparameter of the optimizer, for all groups that do not override it; <see langword="null"/> for none.</summary>
    /// <param name="hyperparameter">The name of the hyperparameter, such as <c>Beta1</c>.</param>
    /// <exception cref="ArgumentException">The rule has no hyperparameter of that name.</exception>
    public Schedule? this[string hyperparameter]
    {
        get => Find(PositionOf(null, hyperparameter));
        set => Set(PositionOf(null, hyperparameter), null, hyperparameter, value);
    }

    /// <summary>
    /// The schedule of a hyperparameter of one group, which overrides the optimizer's value from the next step on; <see langword="null"/> for none.
    /// </summary>
    /// <param name="group">A group of the optimizer's parameters.</param>
    /// <param name="hyperparameter">The name of the hyperparameter, or <c>LearningRateScale</c>.</param>
    /// <exception cref="ArgumentException">The group belongs to another set, or the rule has no hyperparameter of that name.</exception>
    public Schedule? this[ParameterGroup<T> group, string hyperparameter]
    {
        get => Find(PositionOf(Require(group, hyperparameter), hyperparameter));
        set => Set(PositionOf(Require(group, hyperparameter), hyperparameter), group, hyperparameter, value);
    }

    /// <summary>Sets every scheduled hyperparameter to its value, or none if a value is refused.</summary>
    /// <returns>The learning rate of the optimizer's schedule; <see langword="null"/> if it has none.</returns>
    /// <exception cref="InvalidOperationException">A value is not finite or not allowed; the message names the hyperparameter, value and step.</exception>
    internal double? Apply(int epoch, long step)
    {
        foreach (Entry entry in entries)
        {
            entry.Value = entry.ValueAt(epoch, step);
        }

        double? rate = null;
        int count = 0;
        try
        {
            for (; count < entries.Count; count++)
            {
                Entry entry = entries[count];
                entry.Previous = Get(entry.Scheduled);
                Set(entry.Scheduled, entry.Value);
                rate = entry.Scheduled is { Group: null, Hyperparameter: LearningRate } ? entry.Value : rate;
            }
        }
        catch
        {
            // The setter of a property of the user's class may throw.
            while (--count >= 0)
            {
                Set(entries[count].Scheduled, entries[count].Previous);
            }

            throw;
        }

        return rate;
    }

    private double? Get(ScheduledHyperparameter<T> scheduled) => scheduled.Group is { } group
        ? optimizer.GetHyperparameter(group, scheduled.Hyperparameter)
        : optimizer.GetHyperparameter(scheduled.Hyperparameter);

    private void Set(ScheduledHyperparameter<T> scheduled, double? value)
    {
        if (scheduled.Group is { } group)
        {
            optimizer.SetHyperparameter(group, scheduled.Hyperparameter, value);
        }
        else
        {
            optimizer.SetHyperparameter(scheduled.Hyperparameter, value!.Value);
        }
    }

    private Schedule? Find((int Owner, int Index) position) => entries.Find(entry => entry.Position == position)?.Scheduled.Schedule;

    private void Set((int Owner, int Index) position, ParameterGroup<T>? group, string hyperparameter, Schedule? schedule)
    {
        entries.RemoveAll(entry => entry.Position == position);
        if (schedule is not null)
        {
            int following = entries.FindIndex(entry => entry.Position.CompareTo(position) > 0);
            HyperparameterDefinition definition = position.Index < optimizer.Definition.Hyperparameters.Count
                ? optimizer.Definition.Hyperparameters[position.Index]
                : GroupHyperparameters<T>.ScaleDefinition;
            entries.Insert(following < 0 ? entries.Count : following, new Entry(position, definition, new(group, hyperparameter, schedule)));
        }
    }

    /// <summary>Refuses a group of another set and a name that a group's hyperparameters do not have.</summary>
    private ParameterGroup<T> Require(ParameterGroup<T> group, string hyperparameter)
    {
        optimizer.GetHyperparameter(group, hyperparameter);
        return group;
    }

    /// <summary>
    /// The order of the schedules: −1 for the optimizer or the index of a group, and the index in the definition; the learning rate's scale comes last.
    /// </summary>
    private (int Owner, int Index) PositionOf(ParameterGroup<T>? group, string hyperparameter) =>
        group is not null && hyperparameter == GroupHyperparameters<T>.ScaleDefinition.Name && optimizer.HasLearningRate
            ? (group.Index, optimizer.Definition.Hyperparameters.Count)
            : (group?.Index ?? -1, optimizer.Definition.IndexOf(hyperparameter));

    private sealed class Entry((int Owner, int Index) position, HyperparameterDefinition definition, ScheduledHyperparameter<T> scheduled)
    {
        public (int Owner, int Index) Position => position;

        public ScheduledHyperparameter<T> Scheduled => scheduled;

        /// <summary>The value for the step that begins.</summary>
        public double Value { get; set; }

        /// <summary>The value before it; <see langword="null"/> for a group that had none of its own.</summary>
        public double? Previous { get; set; }

        public double ValueAt(int epoch, long step)
        {
            Schedule schedule = scheduled.Schedule;
            double value = schedule.ValueAt(schedule.Unit == ScheduleUnit.Epoch ? epoch : step);
            return definition.RefusalOf<T>(value, scheduled.Group?.Name) is { } refusal
                ? throw new InvalidOperationException(FormattableString.Invariant(
                    $"{refusal} Its schedule, {schedule}, gives this value at step {step}, of epoch {epoch}. No hyperparameter has been changed."))
                : value;
        }
    }
}
