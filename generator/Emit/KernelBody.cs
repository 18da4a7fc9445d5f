using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>The names in one kernel: its streams, what it takes, and the variables of an element, which are given out anew for each copy of the body.</summary>
internal sealed class KernelBody
{
    private readonly StepProgram program;
    private readonly VariablePlan plan;
    private readonly List<(Value Value, string Name)> ofRow = [];
    private readonly Dictionary<int, string> rowParameters = [];
    private readonly Dictionary<int, string> streamNames = [];
    private readonly Dictionary<int, string> lowerNames = [];
    private readonly Dictionary<int, string> tableNames = [];
    private readonly Dictionary<int, string> uniforms = [];
    private readonly Dictionary<int, int> positions = [];
    private readonly Dictionary<int, string> names = [];
    private readonly Dictionary<string, int> holders = [];
    private readonly HashSet<string> taken;
    private NameTable table;

    public KernelBody(StepProgram program, Kernel kernel)
    {
        (this.program, Kernel) = (program, kernel);
        UsesPhase = kernel.Reduction is not null || kernel.Body.Any(one => one is When);
        Streams = kernel.Streams.ToArray();
        var all = new NameTable(ReservedNames.OfKernel);
        var given = new List<string>();
        string Take(string wanted)
        {
            given.Add(all.Take(wanted));
            return given[given.Count - 1];
        }

        foreach (int stream in Streams)
        {
            streamNames.Add(stream, Take(program.Streams[stream].Name + "Stream"));
            if (kernel.IsStored && program.Streams[stream].Role is StreamRole.State or StreamRole.Parameter)
            {
                lowerNames.Add(stream, Take(program.Streams[stream].Name + "Lower"));
            }

            if (kernel.IsOverRows && program.Streams[stream].Role is StreamRole.Parameter or StreamRole.State)
            {
                tableNames.Add(stream, Take(program.Streams[stream].Name + "Table"));
            }
        }

        if (kernel.IsStored)
        {
            (RandomName, RandomWordsName) = (Take("random"), Take("randomWords"));
        }

        IEnumerable<int> phase = UsesPhase
            ? kernel.Instructions.OfType<Let>().SelectMany(let => program.Values[let.Value].Operands).Where(id => program.Values[id].Kind == ValueKind.Phase).Distinct()
            : [];
        foreach (int id in kernel.Uniforms(program).Concat(phase.OrderBy(id => id)).Concat(kernel.RowStates(program)))
        {
            uniforms.Add(id, Take(NameTable.Describe(program.Values[id], program.Values)));
        }

        Uniforms = uniforms.Select(pair => (program.Values[pair.Key], pair.Value)).ToArray();
        foreach (int id in kernel.RowStates(program))
        {
            rowParameters.Add(id, Take(program.Values[id].Name + "OfRow"));
        }

        foreach (Value value in VariablesOfRow(kernel))
        {
            string name = Take(NameTable.Describe(value, program.Values));
            ofRow.Add((value, name));
            uniforms.Add(value.Id, name);
        }

        int[] computed = kernel.Instructions.Select(one => one switch { Load load => load.Value, Let let => let.Value, _ => -1 }).Where(id => id >= 0).ToArray();
        for (int i = 0; i < computed.Length; i++)
        {
            positions.Add(computed[i], i);
        }

        plan = new VariablePlan(program.Values, computed, Roots(kernel).ToArray(), value => value.Kind == ValueKind.Load || value.Name.Length > 0 || value is { Kind: ValueKind.Operation, Operator: Operator.Select });
        taken = new HashSet<string>(ReservedNames.OfKernel);
        taken.UnionWith(given);
        table = new NameTable(taken);
    }

    public Kernel Kernel { get; }

    /// <summary>Whether it takes what surrounds the rule in a step.</summary>
    public bool UsesPhase { get; }

    /// <summary>The streams that it reads or writes.</summary>
    public IReadOnlyList<int> Streams { get; }

    /// <summary>What is the same for every element, with its name.</summary>
    public IReadOnlyList<(Value Value, string Name)> Uniforms { get; }

    /// <summary>The numbers of states of rows that it takes, each with the name of its parameter.</summary>
    public IReadOnlyDictionary<int, string> RowParameters => rowParameters;

    /// <summary>What is computed once for a row and stands in a variable of its own, with its name.</summary>
    public IReadOnlyList<(Value Value, string Name)> OfRow => ofRow;

    public string StreamName(int stream) => streamNames[stream];

    /// <summary>What makes the random words, in a kernel over streams in fewer bits.</summary>
    public string RandomName { get; } = "";

    /// <summary>The random words of a group, in a kernel over streams in fewer bits.</summary>
    public string RandomWordsName { get; } = "";

    /// <summary>The new values of the lower half of a group, in a kernel over streams in fewer bits.</summary>
    public string LowerName(int stream) => lowerNames[stream];

    /// <summary>The whole table, in a kernel over a list of rows; the stream is then a row of it.</summary>
    public string TableName(int stream) => tableNames[stream];

    public bool HasVariable(int value) => plan.HasVariable(value);

    public string? NameOf(Value value) =>
        uniforms.TryGetValue(value.Id, out string? uniform) ? uniform : names.TryGetValue(value.Id, out string? name) ? name : null;

    /// <summary>Begins a copy of the body, in a scope of its own.</summary>
    public void Begin()
    {
        names.Clear();
        holders.Clear();
        table = new NameTable(taken);
    }

    /// <summary>
    /// The left side of the statement that computes a value: a new variable, or that of a value of the same name which nothing reads any more.
    /// </summary>
    public string Declare(int id, string type, string booleanType)
    {
        Value value = program.Values[id];
        string wanted = NameTable.Describe(value, program.Values);
        if (holders.TryGetValue(wanted, out int holder) && program.Values[holder].Type == value.Type && plan.LastUse(holder) <= positions[id])
        {
            holders[wanted] = id;
            names.Add(id, names[holder]);
            return names[id];
        }

        names.Add(id, table.Take(wanted));
        holders[wanted] = id;
        return $"{(value.Type == ScalarType.Boolean ? booleanType : type)} {names[id]}";
    }

    /// <summary>What the elements use of a row is in a variable, or it would be computed again for each vector.</summary>
    private IEnumerable<Value> VariablesOfRow(Kernel kernel)
    {
        HashSet<int> used = [.. kernel.UsedOfRow(program)];
        int[] computed = kernel.OfRow.Select(let => let.Value).ToArray();
        var planOfRow = new VariablePlan(program.Values, computed, [], value => used.Contains(value.Id) || value.Name.Length > 0 || value is { Kind: ValueKind.Operation, Operator: Operator.Select });
        return computed.Where(planOfRow.HasVariable).Select(id => program.Values[id]);
    }

    /// <summary>What is stored or accumulated, with the number of values that are computed before.</summary>
    private static IEnumerable<(int Value, int Position)> Roots(Kernel kernel)
    {
        int position = 0;
        foreach (Instruction instruction in kernel.Instructions)
        {
            switch (instruction)
            {
                case Load or Let:
                    position++;
                    break;
                case Store store:
                    yield return (store.Value, position);
                    break;
                case Accumulate accumulate:
                    yield return (accumulate.Value, position);
                    break;
            }
        }
    }
}
