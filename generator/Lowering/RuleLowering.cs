using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>From a rule to its step program: first the values that are the same for every element, then the kernels.</summary>
internal sealed partial class RuleLowering
{
    private const string InPhase = "InPhase";

    private readonly RuleSpec rule;
    private readonly ValueTable table = new();
    private readonly Dictionary<int, int> scalars = [];
    private readonly Dictionary<int, ElementStream> streams = [];
    private readonly List<HostCall> hostCalls = [];
    private readonly List<int> flags = [];

    private RuleLowering(RuleSpec rule) => this.rule = rule;

    public static StepProgram Lower(RuleSpec rule) => new RuleLowering(rule).Lower();

    private StepProgram Lower()
    {
        AddStreams();
        AddScalars();
        AddHostCalls();
        EquatableArray<FlagValue>[] combinations = Combinations();
        Kernel[] updates = combinations.Select(combination => Update(combination, inPhase: false)).ToArray();
        Kernel[] phaseUpdates = combinations.Select(combination => Update(combination, inPhase: true)).ToArray();
        Kernel[] reductions = rule.Reductions.Select(Reduce).ToArray();
        Kernel[] rowMeans = RowMeans(combinations).ToArray();
        bool hasRowKernels = rule.RowKernels && reductions.Length == 0;
        return new StepProgram
        {
            ElementType = rule.ElementType,
            Streams = streams.Values.OrderBy(stream => stream.Id).ToEquatableArray(),
            HostCalls = hostCalls.ToEquatableArray(),
            Updates = updates.ToEquatableArray(),
            PhaseUpdates = phaseUpdates.ToEquatableArray(),
            StoredUpdates = phaseUpdates.All(HasStored) ? phaseUpdates.Select(Stored).ToEquatableArray() : [],
            RowUpdates = hasRowKernels ? phaseUpdates.Select(kernel => OverRows(kernel, WithoutPhase(kernel.Name) + "Rows")).ToEquatableArray() : [],
            Reductions = reductions.ToEquatableArray(),
            RowMeans = rowMeans.ToEquatableArray(),
            RowListMeans = hasRowKernels ? rowMeans.Select(kernel => OverRows(kernel, OverRows(kernel.Name))).ToEquatableArray() : [],
            Values = table.Values.ToEquatableArray(),
        };
    }

    private void AddStreams()
    {
        void Add(int variable, StreamRole role, string name, bool isNonNegative = false, bool perRow = false) =>
            streams.Add(variable, new ElementStream(streams.Count, role, name, isNonNegative, perRow));
        Add(Variables.Parameter, StreamRole.Parameter, Names.Parameter);
        Add(Variables.Gradient, StreamRole.Gradient, Names.Gradient);
        foreach (StateSpec state in rule.States)
        {
            Add(state.Variable, StreamRole.State, state.Name, state.IsNonNegative, state.PerRow);
        }

        Add(KernelLowering.AverageVariable, StreamRole.Average, "average");
    }

    private void AddScalars()
    {
        scalars[Variables.Step] = table.Leaf(ValueKind.StepNumber, ScalarType.Double, Time.Step, name: Names.Step);
        scalars[Variables.ElementCount] = table.Leaf(ValueKind.ElementCount, ScalarType.Double, Time.Tensor, name: Names.ElementCount);
        for (int i = 0; i < rule.Hyperparameters.Count; i++)
        {
            scalars[rule.Hyperparameters[i].Variable] = table.Leaf(
                ValueKind.Hyperparameter, ScalarType.Element, Time.Settings, index: i, name: Identifier.Uncapitalize(rule.Hyperparameters[i].Name));
        }

        foreach (FieldSpec field in rule.Fields)
        {
            scalars[field.Variable] = table.Leaf(ValueKind.Field, ScalarType.Element, Time.Settings, path: field.Path, name: field.Name);
        }

        for (int i = 0; i < rule.Reductions.Count; i++)
        {
            ReductionSpec reduction = rule.Reductions[i];
            scalars[reduction.Variable] = table.Leaf(
                ValueKind.Reduction, ScalarType.Double, reduction.Global ? Time.Global : Time.Tensor, index: i, name: reduction.Name);
        }

        var expressions = new ExpressionLowering(table);
        foreach (ScalarSpec scalar in rule.Scalars)
        {
            int value = expressions.Lower(scalar.Value, ScalarType.Double, scalars, contract: false);
            scalars[scalar.Variable] = table.Named(value, scalar.Name, scalar.Comment);
        }
    }

    private void AddHostCalls()
    {
        foreach (ScalarMethodSpec method in rule.ScalarMethods)
        {
            HostArgument[] arguments = method.Arguments
                .Select(argument => new HostArgument(argument.Kind, argument.Kind == ArgumentKind.Scalar ? Taken(argument) : argument.Variable, argument.Name, argument.Type))
                .ToArray();
            int call = table.HostCall(
                hostCalls.Count, method.PerTensor ? Time.Tensor : method.IsPure ? Time.Settings : Time.Step,
                arguments.Where(argument => argument.Kind == ArgumentKind.Scalar).Select(argument => argument.Index));
            hostCalls.Add(new HostCall(method.Name, arguments.ToEquatableArray(), method.PerTensor));
            for (int i = 0; i < arguments.Length; i++)
            {
                if (arguments[i] is { Kind: ArgumentKind.Out, Type: var type, Name: var name, Index: var variable })
                {
                    scalars[variable] = table.HostResult(call, i, type == "bool" ? ScalarType.Boolean : ScalarType.Double, name);
                    if (type == "bool")
                    {
                        flags.Add(variable);
                    }
                }
            }
        }
    }

    /// <summary>The value that a user's method takes. A whole number is handed over as it is.</summary>
    private int Taken(ArgumentSpec argument) =>
        argument.Type == "long" ? scalars[argument.Variable] : table.As(scalars[argument.Variable], ScalarType.Double);

    private EquatableArray<FlagValue>[] Combinations() => Enumerable.Range(0, 1 << flags.Count)
        .Select(combination => flags
            .Select((flag, i) => new FlagValue(scalars[flag], table[scalars[flag]].Name, (combination >> i & 1) == 0))
            .ToEquatableArray())
        .ToArray();

    private KernelLowering Begin(EquatableArray<FlagValue> combination)
    {
        Dictionary<int, int> known = scalars.ToDictionary(pair => pair.Key, pair => pair.Value);
        for (int i = 0; i < flags.Count; i++)
        {
            known[flags[i]] = table.Truth(combination[i].IsSet);
        }

        return new KernelLowering(table, known, streams);
    }

    private Kernel Update(EquatableArray<FlagValue> combination, bool inPhase)
    {
        KernelLowering kernel = Begin(combination);
        if (inPhase)
        {
            kernel.AdjustGradient();
        }

        kernel.Assign(rule.Stages);
        kernel.Assign(rule.Body);
        EquatableArray<Instruction> body = kernel.Update([Variables.Parameter, .. rule.States.Select(state => state.Variable)], inPhase);
        string name = NameFor("Update", combination);
        return Make(name + (inPhase ? InPhase : ""), combination, body, inPhase ? 1 : rule.Unroll) with { OfRow = kernel.OfRow };
    }

    private static string NameFor(string kernel, EquatableArray<FlagValue> combination) =>
        kernel + string.Concat(combination.Select(flag => (flag.IsSet ? "" : "Not") + Identifier.Capitalize(flag.Name)));

    /// <summary>Whether the rule asks for kernels over states in fewer bits, and the body can be copied for the two halves of a group.</summary>
    private bool HasStored(Kernel kernel) =>
        rule.StorageKernels && rule.ElementType == ElementType.Float && !rule.States.Any(state => state.PerRow) && Unrolling.CanCopy(kernel.Body, table);

    /// <summary>There is one kernel for steps in phase and for others, so it leaves out the limits of the gradient where there are none.</summary>
    private Kernel Stored(Kernel inPhase) => inPhase with
    {
        Name = WithoutPhase(inPhase.Name) + "Stored",
        Body = inPhase.Body.Select(AdjustingWhereNeeded).ToEquatableArray(),
        IsStored = true,
    };

    /// <summary>One kernel for steps in phase and for others, as with <see cref="Stored"/>. The gradients of rows are used up and not set to zero.</summary>
    private Kernel OverRows(Kernel inPhase, string name) => inPhase with
    {
        Name = name,
        Body = inPhase.Body.Where(one => one is not When { Condition: PhaseValue.ZeroesGradients }).Select(AdjustingWhereNeeded).ToEquatableArray(),
        IsOverRows = true,
    };

    private static string WithoutPhase(string name) => name.Substring(0, name.Length - InPhase.Length);

    private Instruction AdjustingWhereNeeded(Instruction one) => one is Let let && IsAdjustment(let) ? let with { NeededFor = PhaseValue.AdjustsGradients } : one;

    private bool IsAdjustment(Let let) => table[let.Value].Operands.Any(operand => table[operand] is { Kind: ValueKind.Phase, Index: (int)PhaseValue.GradientLimit });

    private Kernel Reduce(ReductionSpec reduction)
    {
        var kernel = new KernelLowering(table, scalars, streams);
        kernel.AdjustGradient();
        kernel.Assign(rule.Stages);
        foreach (StateView view in reduction.Views)
        {
            kernel[view.Variable] = kernel.LoadOf(view.State);
        }

        kernel.Assign([.. reduction.Body, reduction.Result]);
        EquatableArray<Instruction> body = kernel.Reduce(kernel[reduction.Result.Variable]);
        return Make("Reduce" + Identifier.Capitalize(reduction.Name), [], body, unroll: 1) with { Reduction = reduction.Kind };
    }

    private Kernel Make(string name, EquatableArray<FlagValue> combination, EquatableArray<Instruction> body, int unroll)
    {
        (int factor, string reason) = Unrolling.Choose([.. body], table, unroll);
        return new Kernel { Name = name, Flags = combination, Body = body, Unroll = factor, UnrollReason = reason };
    }
}
