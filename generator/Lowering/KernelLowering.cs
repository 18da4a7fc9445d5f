using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// The body of one kernel. Assignments give variables values; then the instructions are put in order: a stream is loaded where it is first read, and stored
/// as soon as its last value exists, so that few values are alive at a time.
/// </summary>
internal sealed class KernelLowering
{
    private readonly ValueTable table;
    private readonly ExpressionLowering expressions;
    private readonly Dictionary<int, int> variables;
    private readonly IReadOnlyDictionary<int, ElementStream> streams;
    private readonly List<int> order = [];
    private readonly HashSet<int> emitted = [];
    private readonly Dictionary<int, int> storedStreams = [];
    private readonly List<(int Variable, int Value)> rowAssignments = [];
    private readonly List<Let> ofRow = [];
    private HashSet<int> live = [];

    /// <param name="table">The program's values.</param>
    /// <param name="scalars">The values of the variables that are the same for every element.</param>
    /// <param name="streams">The streams, by their variables.</param>
    public KernelLowering(ValueTable table, IReadOnlyDictionary<int, int> scalars, IReadOnlyDictionary<int, ElementStream> streams)
    {
        (this.table, this.streams) = (table, streams);
        expressions = new ExpressionLowering(table);
        variables = scalars.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (int variable in streams.Keys)
        {
            variables[variable] = LoadOf(variable);
        }
    }

    /// <summary>What a variable has by now.</summary>
    public int this[int variable]
    {
        get => variables[variable];
        set => variables[variable] = value;
    }

    /// <summary>What has been assigned to states of rows, in order: the variable of each, and the value of an element, whose mean the state has from there on.</summary>
    public IReadOnlyList<(int Variable, int Value)> RowAssignments => rowAssignments;

    /// <summary>What the instructions need that is the same for a whole row. Known when they are.</summary>
    public EquatableArray<Let> OfRow => ofRow.ToEquatableArray();

    /// <summary>The element of a stream as it was before the step; of a state of rows, the number of the row.</summary>
    public int LoadOf(int variable) => streams[variable] is { PerRow: true } ofRows
        ? table.Leaf(ValueKind.RowState, ScalarType.Element, Time.Row, index: ofRows.Id, name: ofRows.Name + "Before")
        : table.Leaf(ValueKind.Load, ScalarType.Element, Time.Element, index: streams[variable].Id, name: streams[variable].Name);

    /// <summary>Before the rule, what the step does to the gradient: g ← clamp(f·g, −c, +c).</summary>
    public void AdjustGradient()
    {
        int lower = PhaseNumber(PhaseValue.NegativeGradientLimit, "negativeGradientLimit"), upper = PhaseNumber(PhaseValue.GradientLimit, "gradientLimit");
        int scaled = table.Operation(Operator.Multiply, variables[Variables.Gradient], PhaseNumber(PhaseValue.GradientFactor, "gradientFactor"));
        int clipped = table.Operation(Operator.Minimum, table.Operation(Operator.Maximum, scaled, lower), upper);
        Give(Variables.Gradient, table.Named(clipped, Names.Gradient, "before the rule: g ← clamp(f·g, −c, +c)"));
    }

    public void Assign(IEnumerable<Assignment> assignments)
    {
        foreach (Assignment assignment in assignments)
        {
            int value = expressions.Lower(assignment.Value, ScalarType.Element, variables, assignment.Contract);
            if (table[value].Kind is ValueKind.Operation or ValueKind.Function)
            {
                table.Named(value, assignment.Name, assignment.Comment);
            }

            if (streams.TryGetValue(assignment.Variable, out ElementStream? stream) && stream.PerRow)
            {
                rowAssignments.Add((assignment.Variable, value));
                value = table.Leaf(ValueKind.RowMean, ScalarType.Element, Time.Row, index: stream.Id, name: stream.Name);
            }

            Give(assignment.Variable, value);
        }
    }

    /// <summary>The instructions of an update: the rule's, and what the step does after it.</summary>
    public EquatableArray<Instruction> Update(IEnumerable<int> stored, bool inPhase)
    {
        var body = new List<Instruction>();
        foreach (int variable in stored.Where(variable => !streams[variable].PerRow && variables[variable] != LoadOf(variable)))
        {
            storedStreams.Add(streams[variable].Id, variables[variable]);
        }

        List<When> after = inPhase ? [.. After()] : [];
        live = Reachable(storedStreams.Values);
        foreach (int value in order.Where(live.Contains))
        {
            Emit(value, body);
        }

        // What a stream is given and no assignment computed: another stream, or a value that is the same for every element.
        foreach (int value in storedStreams.Values.ToArray())
        {
            Emit(value, body);
        }

        foreach (When condition in after)
        {
            var inner = new List<Instruction>();
            foreach (Instruction instruction in condition.Body)
            {
                if (instruction is Store store)
                {
                    Emit(store.Value, inner);
                }

                inner.Add(instruction);
            }

            body.Add(condition with { Body = inner.ToEquatableArray() });
        }

        return body.ToEquatableArray();
    }

    /// <summary>The instructions of a reduction of one value.</summary>
    public EquatableArray<Instruction> Reduce(int result)
    {
        var body = new List<Instruction>();
        live = Reachable([result]);
        foreach (int value in order.Append(result).Where(live.Contains))
        {
            Emit(value, body);
        }

        body.Add(new Accumulate(result));
        return body.ToEquatableArray();
    }

    private int PhaseNumber(PhaseValue value, string name) => table.Leaf(ValueKind.Phase, ScalarType.Element, Time.Step, index: (int)value, name: name);

    private void Give(int variable, int value)
    {
        variables[variable] = value;
        order.Add(value);
    }

    /// <summary>After the rule, what the step asks for: ā ← ā + (1 − β)(θ − ā), and g ← 0.</summary>
    private IEnumerable<When> After()
    {
        ElementStream stream = streams[AverageVariable];
        int average = variables[AverageVariable], share = PhaseNumber(PhaseValue.AverageShare, "averageShare");
        int moved = table.Operation(
            Operator.Add, average, table.Operation(Operator.Multiply, share, table.Operation(Operator.Subtract, variables[Variables.Parameter], average)));
        table.Named(moved, stream.Name);
        yield return new When(PhaseValue.AveragesParameters, "after the rule: ā ← ā + (1 − β)(θ − ā)", [new Store(stream.Id, moved)]);
        yield return new When(
            PhaseValue.ZeroesGradients, "after the rule: g ← 0",
            [new Store(streams[Variables.Gradient].Id, table.Literal(0, ScalarType.Element))]);
    }

    /// <summary>No rule has it as a variable.</summary>
    public const int AverageVariable = -1;

    private HashSet<int> Reachable(IEnumerable<int> roots)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.Count > 0)
        {
            int value = open.Pop();
            if (reached.Add(value))
            {
                foreach (int operand in table[value].Operands)
                {
                    open.Push(operand);
                }
            }
        }

        return reached;
    }

    /// <summary>Computes a value, its operands first, and stores it where it is the last value of a stream.</summary>
    private void Emit(int value, List<Instruction> body)
    {
        if (table[value].Time >= Time.Row && emitted.Add(value))
        {
            foreach (int operand in table[value].Operands)
            {
                Emit(operand, body);
            }

            if (table[value].Time == Time.Element)
            {
                body.Add(table[value].Kind == ValueKind.Load ? new Load(table[value].Index, value) : new Let(value));
            }
            else if (table[value].Kind is not (ValueKind.RowState or ValueKind.RowMean))
            {
                ofRow.Add(new Let(value));
            }
        }

        foreach (int stream in storedStreams.Where(pair => pair.Value == value).Select(pair => pair.Key).ToArray())
        {
            // Who reads the old value later must have it before it is gone.
            storedStreams.Remove(stream);
            int old = table.Leaf(ValueKind.Load, ScalarType.Element, Time.Element, index: stream);
            if (live.Contains(old))
            {
                Emit(old, body);
            }

            body.Add(new Store(stream, value));
        }
    }
}
