namespace OptimGen;

/// <summary>
/// The scalar states of one scope, in the order of their definition for each group or tensor. A step works on a second copy, which takes the place of the
/// first when the step is taken.
/// </summary>
internal sealed class ScalarStates
{
    private readonly ScalarStateDefinition[] definitions;
    private readonly double[] values;
    private readonly double[] next;

    public ScalarStates(IEnumerable<ScalarStateDefinition> definitions, StateScope scope, int ownerCount)
    {
        this.definitions = [.. definitions.Where(definition => definition.Scope == scope)];
        values = [.. Enumerable.Range(0, ownerCount).SelectMany(_ => this.definitions.Select(definition => definition.InitialValue))];
        next = new double[values.Length];
    }

    public bool IsEmpty => values.Length == 0;

    /// <summary>The state of that name of a group or tensor, as the last step left it; a null reference if there is none.</summary>
    public ref double Find(int owner, string name)
    {
        int index = Array.FindIndex(definitions, definition => definition.Name == name);
        return ref index < 0 ? ref System.Runtime.CompilerServices.Unsafe.NullRef<double>() : ref values[(owner * definitions.Length) + index];
    }

    /// <summary>The states that a step works on.</summary>
    public Span<double> OfStep(int owner) => next.AsSpan(owner * definitions.Length, definitions.Length);

    public void Begin() => values.CopyTo(next, 0);

    public void Commit() => next.CopyTo(values, 0);
}
