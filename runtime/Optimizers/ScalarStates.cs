namespace OptimGen;

/// <summary>
/// The scalar states of one scope: for each group or tensor, its states in the order of their definition. A step changes a working copy, which
/// <see cref="Commit"/> copies back when the step is taken. A refused step leaves the states unchanged.
/// </summary>
internal sealed class ScalarStates
{
    private readonly ScalarStateDefinition[] definitions;
    private readonly double[] values;
    private readonly double[] workingCopy;

    public ScalarStates(IEnumerable<ScalarStateDefinition> definitions, StateScope scope, int ownerCount)
    {
        this.definitions = [.. definitions.Where(definition => definition.Scope == scope)];
        values = [.. Enumerable.Range(0, ownerCount).SelectMany(_ => this.definitions.Select(definition => definition.InitialValue))];
        workingCopy = new double[values.Length];
    }

    public bool IsEmpty => values.Length == 0;

    /// <summary>The committed value of the state of that name of a group or tensor; a null reference if there is no such state.</summary>
    public ref double Find(int owner, string name)
    {
        int index = Array.FindIndex(definitions, definition => definition.Name == name);
        return ref index < 0 ? ref System.Runtime.CompilerServices.Unsafe.NullRef<double>() : ref values[(owner * definitions.Length) + index];
    }

    /// <summary>The working copy of the states of a group or tensor.</summary>
    public Span<double> OfStep(int owner) => workingCopy.AsSpan(owner * definitions.Length, definitions.Length);

    /// <summary>The committed values of a group or tensor.</summary>
    public ReadOnlySpan<double> Committed(int owner) => values.AsSpan(owner * definitions.Length, definitions.Length);

    /// <summary>Starts a step: the working copy gets the committed values.</summary>
    public void Begin() => values.CopyTo(workingCopy, 0);

    /// <summary>Ends a step that was taken.</summary>
    public void Commit() => workingCopy.CopyTo(values, 0);
}
