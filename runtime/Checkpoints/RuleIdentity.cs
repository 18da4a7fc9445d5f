using System.Numerics;

namespace OptimGen;

/// <summary>Which rule the states of a checkpoint belong to, and enough of it to say what differs from another.</summary>
internal sealed record RuleIdentity
{
    private const char Separator = '\n';

    private RuleIdentity(string optimizer, string fingerprint, string elementType, string equations, string states) =>
        (Optimizer, Fingerprint, ElementType, Equations, States) = (optimizer, fingerprint, elementType, equations, states);

    public string Optimizer { get; }

    public string Fingerprint { get; }

    public string ElementType { get; }

    public string Equations { get; }

    /// <summary>The names of the states, each with what it is kept for.</summary>
    public string States { get; }

    public static RuleIdentity Of<T>(OptimizerDefinition definition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            definition.Name,
            definition.Fingerprint,
            SafeTensorsDtypes.Of<T>().FormatName(),
            string.Join(Separator, definition.Equations),
            string.Join(Separator, definition.States.Select(state => $"{state.Name} of each {(state.Granularity == StateGranularity.Row ? "row" : "element")}")
                .Concat(definition.ScalarStates.Select(state => $"{state.Name} of each {(state.Scope == StateScope.Group ? "group" : "parameter")}"))));

    public static RuleIdentity Read(CheckpointReader reader) => new(
        reader.ReadString("rule"), reader.ReadString("fingerprint"), reader.ReadString("elementType"), reader.ReadString("equations"), reader.ReadString("states"));

    public void Save(CheckpointWriter writer)
    {
        writer.Write("rule", Optimizer);
        writer.Write("fingerprint", Fingerprint);
        writer.Write("elementType", ElementType);
        writer.Write("equations", Equations);
        writer.Write("states", States);
    }

    /// <exception cref="CheckpointException">The states cannot be continued by the other rule; the message says what differs.</exception>
    public void RequireSame(RuleIdentity here, CheckpointReader reader)
    {
        if (ElementType != here.ElementType)
        {
            throw reader.Failure($"It is of an optimizer with elements of type {ElementType}; those of {here.Optimizer} are {here.ElementType}.");
        }

        if (States != here.States)
        {
            throw reader.Failure($"{Names(here)}. {FirstDifference("state", States, here.States)}");
        }

        if (Fingerprint != here.Fingerprint && !reader.Options.AcceptChangedRule)
        {
            string difference = Equations == here.Equations
                ? "The equations have the same text, but what they compute has changed, such as a constant or a method that they call."
                : FirstDifference("equation", Equations, here.Equations);
            throw reader.Failure(
                $"{Names(here)}. {difference} To continue its states anyway, set "
                + $"{nameof(CheckpointLoadOptions)}.{nameof(CheckpointLoadOptions.AcceptChangedRule)}.");
        }
    }

    private string Names(RuleIdentity here) => Optimizer == here.Optimizer
        ? $"It was saved by another version of {Optimizer}"
        : $"It is of the optimizer {Optimizer}, and not of {here.Optimizer}";

    private static string FirstDifference(string what, string file, string here)
    {
        string[] theirs = file.Split(Separator), ours = here.Split(Separator);
        int i = 0;
        while (i < theirs.Length && i < ours.Length && theirs[i] == ours[i])
        {
            i++;
        }

        return $"The {what} {i + 1} differs: {Quote(theirs, i)} in the checkpoint, {Quote(ours, i)} here.";

        static string Quote(string[] lines, int index) => index < lines.Length && lines[index].Length > 0 ? $"'{lines[index]}'" : "none";
    }
}
