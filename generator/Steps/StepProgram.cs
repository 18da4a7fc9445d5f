using OptimGen.Generator.Model;

namespace OptimGen.Generator.Steps;

/// <summary>
/// A step of an optimizer: what is computed, when, from what, and where the result is kept. What prints it only walks it.
/// </summary>
internal sealed record StepProgram
{
    public required ElementType ElementType { get; init; }

    /// <summary>The parameter, the gradient, the states in the order of their declaration, and the average of the parameters.</summary>
    public required EquatableArray<ElementStream> Streams { get; init; }

    /// <summary>Every value, each after its operands.</summary>
    public required EquatableArray<Value> Values { get; init; }

    /// <summary>The user's methods that are called, in their order.</summary>
    public required EquatableArray<HostCall> HostCalls { get; init; }

    /// <summary>The kernels of the update, one for each combination of the flags that its <see cref="Kernel.Flags"/> name.</summary>
    public required EquatableArray<Kernel> Updates { get; init; }

    /// <summary>The same, with what surrounds the rule in a step.</summary>
    public required EquatableArray<Kernel> PhaseUpdates { get; init; }

    /// <summary>
    /// The same, over states that are all kept in one form of fewer bits: a load decodes and a store encodes, in registers. Empty where there are none;
    /// such steps then go by <see cref="PhaseUpdates"/> over decoded copies.
    /// </summary>
    public EquatableArray<Kernel> StoredUpdates { get; init; } = [];

    /// <summary>
    /// The kernels over some rows of a table, one for each combination of flags, with what surrounds the rule in a step. Empty where there are none; rows then go by
    /// <see cref="Updates"/> and <see cref="PhaseUpdates"/>, one call each.
    /// </summary>
    public EquatableArray<Kernel> RowUpdates { get; init; } = [];

    /// <summary>The kernels of the reductions, in the order of their declaration.</summary>
    public required EquatableArray<Kernel> Reductions { get; init; }

    /// <summary>
    /// The kernels that sum over a row what is assigned to a state of rows (<see cref="Kernel.RowState"/>): the states in the order in which they are assigned, each
    /// with one for each combination of the flags, or one where no flag matters. What is assigned may depend on the means of states before.
    /// </summary>
    public EquatableArray<Kernel> RowMeans { get; init; } = [];

    /// <summary>The same over some rows of a table, where there are <see cref="RowUpdates"/>.</summary>
    public EquatableArray<Kernel> RowListMeans { get; init; } = [];

    public IEnumerable<Kernel> Kernels => [.. Updates, .. PhaseUpdates, .. StoredUpdates, .. RowUpdates, .. Reductions, .. RowMeans, .. RowListMeans];

    /// <summary>The values that something needs outside of the kernels, in order: for a kernel, for a later value, or for a user's method.</summary>
    public IEnumerable<Value> Needed
    {
        get
        {
            var needed = new HashSet<int>(UsedByKernels);
            foreach (Value value in Values.Reverse())
            {
                // A user's method may have effects of its own, so it is always called.
                if (value.Kind == ValueKind.HostCall || needed.Contains(value.Id))
                {
                    needed.Add(value.Id);
                    needed.UnionWith(value.Operands);
                }
            }

            return Values.Where(value => needed.Contains(value.Id) && value.Time < Time.Row && value.Kind != ValueKind.Phase);
        }
    }

    /// <summary>The values that kernels take: known before them, and no constants.</summary>
    public IEnumerable<int> UsedByKernels => Kernels.SelectMany(kernel => kernel.Flags.Select(flag => flag.Value).Concat(kernel.Uniforms(this))).Distinct();

    /// <summary>
    /// The values that are kept from the time at which they are computed to a later one, a kernel's included. Everything else is forgotten when its time is
    /// over.
    /// </summary>
    public IEnumerable<Value> Carried
    {
        get
        {
            var later = new HashSet<int>(UsedByKernels);
            Value[] needed = Needed.ToArray();
            foreach (Value value in needed)
            {
                later.UnionWith(value.Operands.Where(operand => Values[operand].Time < value.Time));
            }

            return needed.Where(value => later.Contains(value.Id) && !value.IsConstant && value.Kind is not ValueKind.StepNumber);
        }
    }
}

/// <summary>What a stream is to a step.</summary>
internal enum StreamRole
{
    Parameter,
    Gradient,
    State,
    Average,
}

/// <summary>Numbers, one for each element, that a kernel goes over.</summary>
/// <param name="Id">Its position among the streams.</param>
/// <param name="Role">What it is to a step.</param>
/// <param name="Name">The name that users see.</param>
/// <param name="IsNonNegative">Whether it is a state that is never negative.</param>
/// <param name="PerRow">Whether it is a state with one number for each row, which kernels are given and do not go over.</param>
internal sealed record ElementStream(int Id, StreamRole Role, string Name, bool IsNonNegative = false, bool PerRow = false);

/// <summary>A call of a user's method: its arguments are bound in the order of its parameters.</summary>
/// <param name="Method">The method's name as C# writes it.</param>
/// <param name="Arguments">Each parameter: a value, a state by its position, or what is handed out.</param>
/// <param name="PerTensor">Whether its states are kept for each tensor; otherwise for each group.</param>
internal sealed record HostCall(string Method, EquatableArray<HostArgument> Arguments, bool PerTensor);

/// <param name="Kind">What is handed.</param>
/// <param name="Index">The id of the value; of a state, its position among the scalar states of its kind.</param>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The keyword of the parameter's type.</param>
internal sealed record HostArgument(ArgumentKind Kind, int Index, string Name, string Type);

/// <summary>The steps that a kernel is for: those on which a truth value is as given.</summary>
internal sealed record FlagValue(int Value, string Name, bool IsSet);

/// <summary>What is done to each element, from the first load to the last store.</summary>
internal sealed record Kernel
{
    /// <summary>What it is called: <c>Update</c>, <c>UpdateNotRectified</c>, <c>ReduceNorm</c>.</summary>
    public required string Name { get; init; }

    public required EquatableArray<FlagValue> Flags { get; init; }

    public required EquatableArray<Instruction> Body { get; init; }

    /// <summary>What is computed before, once for the row that the elements are in: the values of <see cref="Time.Row"/> that the body needs.</summary>
    public EquatableArray<Let> OfRow { get; init; } = [];

    /// <summary>The number of vectors that an iteration of the main loop handles.</summary>
    public required int Unroll { get; init; }

    /// <summary>Why so many; empty for one.</summary>
    public required string UnrollReason { get; init; }

    /// <summary>Whether states are in fewer bits: one of <see cref="StepProgram.StoredUpdates"/>.</summary>
    public bool IsStored { get; init; }

    /// <summary>Whether it goes over a list of rows: one of <see cref="StepProgram.RowUpdates"/> or <see cref="StepProgram.RowListMeans"/>.</summary>
    public bool IsOverRows { get; init; }

    /// <summary>How a reduction combines its elements.</summary>
    public ReductionKind? Reduction { get; init; }

    /// <summary>The stream of the state whose mean over a row it computes.</summary>
    public int? RowState { get; init; }

    /// <summary>Every instruction, those under a condition included.</summary>
    public IEnumerable<Instruction> Instructions => Body.SelectMany(one => one is When condition ? condition.Body.Prepend(one) : [one]);

    /// <summary>The streams that it reads or writes.</summary>
    public IEnumerable<int> Streams => Instructions
        .Select(one => one switch { Load load => load.Stream, Store store => store.Stream, _ => -1 })
        .Where(stream => stream >= 0)
        .Distinct()
        .OrderBy(stream => stream);

    /// <summary>The values that it takes, other than constants and what surrounds the rule.</summary>
    public IEnumerable<int> Uniforms(StepProgram program) => UsedBy(OfRow.Concat(Instructions), program)
        .Where(id => program.Values[id] is { Time: < Time.Row, IsConstant: false, Kind: not ValueKind.Phase });

    /// <summary>The numbers of the row that it takes.</summary>
    public IEnumerable<int> RowStates(StepProgram program) => UsedBy(OfRow.Concat(Instructions), program)
        .Where(id => program.Values[id].Kind is ValueKind.RowState or ValueKind.RowMean);

    /// <summary>The values that are computed once for the row and that the body uses.</summary>
    public IEnumerable<int> UsedOfRow(StepProgram program) => UsedBy(Instructions, program).Where(id => program.Values[id].Time == Time.Row);

    private static IEnumerable<int> UsedBy(IEnumerable<Instruction> instructions, StepProgram program) => instructions
        .SelectMany(one => one switch
        {
            Let let => program.Values[let.Value].Operands,
            Store store => [store.Value],
            Accumulate accumulate => [accumulate.Value],
            _ => EmptyIds,
        })
        .Distinct()
        .OrderBy(id => id);

    private static readonly EquatableArray<int> EmptyIds = [];
}

/// <summary>An instruction of a kernel.</summary>
internal abstract record Instruction;

/// <summary>Reads the element of a stream: a value of the kind <see cref="ValueKind.Load"/>.</summary>
internal sealed record Load(int Stream, int Value) : Instruction;

/// <summary>Computes a value.</summary>
internal sealed record Let(int Value) : Instruction
{
    /// <summary>When the step does not ask for this, the value equals the loaded one of its name, and need not be computed.</summary>
    public PhaseValue? NeededFor { get; init; }
}

/// <summary>Writes the element of a stream.</summary>
internal sealed record Store(int Stream, int Value) : Instruction;

/// <summary>Adds a value to the result of a reduction.</summary>
internal sealed record Accumulate(int Value) : Instruction;

/// <summary>Does something if the step asks for it; the same for every element.</summary>
internal sealed record When(PhaseValue Condition, string Comment, EquatableArray<Instruction> Body) : Instruction;
