using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace OptimGen;

/// <summary>One check: the same inputs for a kernel and for the reference, step by step.</summary>
[RequiresUnreferencedCode("The methods of the rule are found by reflection.")]
internal sealed partial class RuleComparison<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int StreamsBeforeStates = 2;
    private const int StepOfRefusal = 2;
    private const string AverageName = "the parameters' average";

    private readonly Func<ParameterSet<T>> newSet;
    private readonly Func<ParameterSet<T>, Optimizer<T>> make;
    private readonly RuleCheckOptions options;
    private long comparedValues;
    private long throwingElements;
    private int steps;
    private int refusedSteps;
    private string? lastRefusal;
    private bool hasRowStates;

    public RuleComparison(Func<ParameterSet<T>> newSet, Func<ParameterSet<T>, Optimizer<T>> make, RuleCheckOptions options)
    {
        (this.newSet, this.make, this.options) = (newSet, make, options);
        if (options.Steps < 1 || options.Lengths.Count == 0 || options.Lengths.Any(length => length < 1) || options.InstructionSets.Count == 0)
        {
            throw new ArgumentException("A check needs at least one step, one instruction set and one length, and lengths of at least 1.", nameof(options));
        }
    }

    public RuleCheckResult Run()
    {
        OptimizerDefinition definition = Make(InstructionSet.Scalar).Definition;
        hasRowStates = definition.States.Any(state => state.Granularity == StateGranularity.Row);
        RuleCheckReference reference = definition.Contract ? RuleCheckReference.ScalarKernel
            : definition.IsMethod ? RuleCheckReference.Method
            : RuleCheckReference.Stages;
        foreach (InstructionSet set in options.InstructionSets)
        {
            foreach (bool drawsEachStep in new[] { false, true })
            {
                if (RunSteps(set, reference, drawsEachStep) is { } finding)
                {
                    return Result(definition, reference, finding.Difference, finding.Report);
                }
            }
        }

        return refusedSteps == steps
            ? Result(definition, reference, null, $"Every step of {definition.Name} was refused, so nothing was compared. The last refusal: {lastRefusal}")
            : Result(definition, reference, null, null);
    }

    private (RuleCheckDifference? Difference, string Report)? RunSteps(InstructionSet set, RuleCheckReference reference, bool drawsEachStep)
    {
        // With a reference of its own, the oracle only holds hyperparameters and streams, and never steps.
        Optimizer<T> kernel = Make(set), oracle = MakeOracle();
        RuleReference<T>? declared = reference == RuleCheckReference.ScalarKernel ? null : new RuleReference<T>(oracle);
        var inputs = new RuleInputs<T>(unchecked((options.Seed * 2) + (drawsEachStep ? 1 : 0)));
        for (int step = 1; step <= options.Steps; step++)
        {
            options.BeforeStep?.Invoke(kernel, step);
            if (declared is null && step > 1)
            {
                oracle = Anew(oracle, step);
            }
            else
            {
                options.BeforeStep?.Invoke(oracle, step);
            }

            InputRange range = RangeOf(step, drawsEachStep, kernel);
            Draw(inputs, kernel, range, gradientsOnly: step > 1 && !drawsEachStep, states: drawsEachStep);
            T[][][] before = Copy(kernel);
            Restore(before, oracle);
            if (step == 1 && !drawsEachStep)
            {
                declared?.StartStates();
                StorageReference.Round(kernel, oracle, step: 0);
            }

            if (step == StepOfRefusal && RefusedStep(kernel, oracle, declared, before) is { } change)
            {
                return (null, $"""
                    {kernel.Definition.Name}, step {step}, on {set}: a step with a gradient that is NaN was not refused, or has changed something.
                      {change}
                      Seed {options.Seed}.
                    """);
            }

            long stepCount = kernel.StepCount;
            Exception? kernelRefusal = Refusal(() => kernel.Step());
            HashSet<(int Tensor, int Element)> thrown = [];
            Exception? oracleRefusal;
            try
            {
                oracleRefusal = Refusal(declared is null ? () => oracle.Step() : () => declared.Step((tensor, element) => thrown.Add((tensor, element))));
            }
            catch (ThrowingReductionException)
            {
                Restore(Copy(kernel), oracle);
                declared!.GoOnFrom(kernel);
                throwingElements += kernel.Parameters.ElementCount;
                steps++;
                continue;
            }

            steps++;
            if (kernelRefusal is ArithmeticException && oracleRefusal is null && declared is { HadScalarThatIsNotFinite: true })
            {
                // The plain method goes on with the infinity; what it stored is nobody's result.
                Restore(before, oracle);
                declared.TakeBack();
                oracleRefusal = kernelRefusal;
                thrown.Clear();
            }

            if (kernelRefusal is null != oracleRefusal is null)
            {
                return (null, $"""
                    {kernel.Definition.Name}, step {step}: the kernel of {set} and {Describe(reference)} do not refuse alike.
                      {set}: {kernelRefusal?.Message ?? "not refused"}
                      {Describe(reference)}: {oracleRefusal?.Message ?? "not refused"}
                      Seed {options.Seed}.
                    """);
            }

            if (kernel.StepCount > stepCount)
            {
                StorageReference.Round(kernel, oracle, kernel.StepCount);
            }

            T[][][] actual = Copy(kernel), expected = Copy(oracle);
            Forget(StorageReference.Affected(kernel, thrown), actual, expected);
            if (FirstDifference(actual, expected) is var (tensor, element))
            {
                return Describe(new Finding(kernel, set, reference, step, tensor, element, before, actual, expected, kernelRefusal));
            }

            if (DifferentScalar(kernel, oracle, declared) is { } scalar)
            {
                return (null, $"""
                    {kernel.Definition.Name}, step {step}: the optimizer of {set} does not keep the scalars of {Describe(reference)}.
                      {scalar}{(kernelRefusal is null ? "" : $"\n  The step was refused, and must not have changed anything: {kernelRefusal.Message}")}
                      Seed {options.Seed}.
                    """);
            }

            refusedSteps += kernelRefusal is null ? 0 : 1;
            lastRefusal = kernelRefusal?.Message ?? lastRefusal;
            if (thrown.Count > 0)
            {
                // What the method left of those elements is nobody's result.
                Restore(actual, oracle);
            }
        }

        return null;
    }

    /// <summary>Tries a step that the policy refuses or skips, which must change nothing; what it has changed, or <see langword="null"/>.</summary>
    private static string? RefusedStep(Optimizer<T> kernel, Optimizer<T> oracle, RuleReference<T>? declared, T[][][] before)
    {
        if (kernel.NonFiniteGradients is not (NonFiniteGradientPolicy.Throw or NonFiniteGradientPolicy.SkipStep))
        {
            return null;
        }

        Span<T> last = kernel.Parameters[^1].Gradients;
        T gradient = last[^1];
        last[^1] = T.NaN;
        StepResult? result = null;
        Exception? refusal = Refusal(() => result = kernel.Step());
        kernel.Parameters[^1].Gradients[^1] = gradient;
        if (refusal is null && result is not { WasTaken: false })
        {
            return "It was not refused.";
        }

        T[][][] after = Copy(kernel);
        for (int tensor = 0; tensor < before.Length; tensor++)
        {
            for (int stream = 0; stream < before[tensor].Length; stream++)
            {
                int element = Enumerable.Range(0, before[tensor][stream].Length)
                    .FirstOrDefault(at => !FloatBits.Same(before[tensor][stream][at], after[tensor][stream][at]), -1);
                if (element >= 0)
                {
                    return $"Stream {stream} of '{kernel.Parameters[tensor].Name}' has changed at {element}.";
                }
            }
        }

        return DifferentScalar(kernel, oracle, declared);
    }

    /// <summary>
    /// Another optimizer, brought to where the last one is by what can be saved of it: a scalar kernel that has nothing from earlier steps but its states
    /// finds what a kernel keeps of them wrongly.
    /// </summary>
    private Optimizer<T> Anew(Optimizer<T> last, int step)
    {
        Optimizer<T> oracle = MakeOracle();
        for (int past = 1; past <= step; past++)
        {
            options.BeforeStep?.Invoke(oracle, past);
        }

        oracle.StepCount = last.StepCount;
        foreach ((ScalarStateDefinition state, int owner) in OwnersOfScalars(last))
        {
            ScalarOf(oracle, state, owner) = ScalarOf(last, state, owner);
        }

        return oracle;
    }

    private static IEnumerable<(ScalarStateDefinition State, int Owner)> OwnersOfScalars(Optimizer<T> optimizer) => optimizer.Definition.ScalarStates.SelectMany(
        state => state.Scope == StateScope.Tensor
            ? Enumerable.Range(0, optimizer.Parameters.Count).Select(owner => (state, owner))
            : optimizer.Parameters.Select(parameter => (state, parameter.Group.Index)).Distinct());

    private static ref double ScalarOf(Optimizer<T> optimizer, ScalarStateDefinition state, int owner)
    {
        if (state.Scope == StateScope.Tensor)
        {
            return ref optimizer.GetScalarState(optimizer.Parameters[owner], state.Name);
        }

        return ref optimizer.GetScalarState(optimizer.Parameters.Groups[owner], state.Name);
    }

    /// <summary>The first scalar state that the kernel's optimizer keeps differently, or the number of its steps.</summary>
    private static string? DifferentScalar(Optimizer<T> kernel, Optimizer<T> oracle, RuleReference<T>? declared)
    {
        if (kernel.StepCount != oracle.StepCount)
        {
            return $"It has taken {kernel.StepCount} steps in place of {oracle.StepCount}.";
        }

        foreach ((ScalarStateDefinition state, int owner) in OwnersOfScalars(kernel))
        {
            double actual = ScalarOf(kernel, state, owner);
            double expected = declared is null ? ScalarOf(oracle, state, owner) : declared.ScalarState(state.Scope, owner, state.Name) ?? actual;
            if (!FloatBits.Same(actual, expected))
            {
                string whose = state.Scope == StateScope.Tensor ? $"parameter '{kernel.Parameters[owner].Name}'" : $"group '{kernel.Parameters.Groups[owner].Name}'";
                return $"{state.Name} of {whose} is {FloatBits.Print(actual)} in place of {FloatBits.Print(expected)}.";
            }
        }

        return null;
    }

    /// <summary>
    /// A run that goes on from its own state stays with numbers that do not overflow for good. One that draws everything anew has steps with every
    /// kind, and steps whose sums over a tensor are finite.
    /// </summary>
    private static InputRange RangeOf(int step, bool drawsEachStep, Optimizer<T> optimizer) => (drawsEachStep, step % 3) switch
    {
        (true, 1) => optimizer.NonFiniteGradients == NonFiniteGradientPolicy.Allow ? InputRange.All : InputRange.Finite,
        (true, 2) => InputRange.Plain,
        _ => InputRange.Small,
    };

    /// <summary>The optimizer that the reference writes into. Its states are in the element type, whatever those of the kernel are in.</summary>
    private Optimizer<T> MakeOracle()
    {
        Optimizer<T> oracle = Make(InstructionSet.Scalar);
        oracle.State.KeepNative();
        return oracle;
    }

    private Optimizer<T> Make(InstructionSet set)
    {
        ParameterSet<T> parameters = newSet();
        ParameterGroup<T> other = parameters.AddGroup("other");
        for (int i = 0; i < options.Lengths.Count; i++)
        {
            int length = options.Lengths[i];
            if (i % 3 == 2)
            {
                // By turns from each element of a cache line on, and the gradients from another one.
                parameters.Wrap($"wrapped{i}", Misaligned(length, 1 + (i / 3)), Misaligned(length, 3 + (5 * (i / 3))), ShapeOf(i));
            }
            else if (i % 3 == 1)
            {
                other.Add($"other{i}", ShapeOf(i));
            }
            else
            {
                parameters.Add($"arena{i}", ShapeOf(i));
            }
        }

        Optimizer<T> optimizer = make(parameters);
        if (optimizer?.Parameters != parameters)
        {
#pragma warning disable CA2208 // The name of the parameter of RuleCheck's methods.
            throw new ArgumentException("The optimizer must be made for the parameters that are given, a new one each time.", nameof(make));
#pragma warning restore CA2208
        }

        optimizer.InstructionSet = set;
        return optimizer;
    }

    /// <summary>A vector; for states of rows by turns a few long rows, a single one, and a vector, whose rows are its elements.</summary>
    private int[] ShapeOf(int position)
    {
        int length = options.Lengths[position];
        return !hasRowStates || position % 4 == 3 ? [length]
            : position % 4 == 0 && Enumerable.Range(2, 6).FirstOrDefault(rows => length % rows == 0) is > 0 and var rows ? [rows, length / rows]
            : [1, length];
    }

    /// <summary>Memory that starts so many elements after the start of a cache line.</summary>
    private static Memory<T> Misaligned(int length, int offset)
    {
        offset %= AlignedMemory.Pad<T>(1);
        return AlignedMemory.Allocate<T>(offset + length)[offset..];
    }

    private static void Draw(RuleInputs<T> inputs, Optimizer<T> optimizer, InputRange range, bool gradientsOnly, bool states)
    {
        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            inputs.Fill(parameter.Gradients, range);
            if (!gradientsOnly)
            {
                inputs.Fill(parameter.Values, range);
            }

            for (int state = 0; states && state < optimizer.Definition.States.Count; state++)
            {
                string name = optimizer.Definition.States[state].Name;
                var values = new T[optimizer.GetState(parameter, name).Length];
                inputs.Fill(values, range);
                optimizer.SetState(parameter, name, values);
            }
        }
    }

    /// <summary>Every stream of every tensor: parameter, gradient, states, and the average of the parameters if one is kept.</summary>
    private static T[][][] Copy(Optimizer<T> optimizer) =>
    [
        .. optimizer.Parameters.Select(parameter => (T[][])
        [
            parameter.Values.ToArray(),
            parameter.Gradients.ToArray(),
            .. optimizer.Definition.States.Select(state => optimizer.GetState(parameter, state.Name).ToArray()),
            .. optimizer.KeptAverage is { } average ? [average.Of(parameter).ToArray()] : Array.Empty<T[]>(),
        ]),
    ];

    private static void Restore(T[][][] streams, Optimizer<T> optimizer)
    {
        for (int tensor = 0; tensor < streams.Length; tensor++)
        {
            Parameter<T> parameter = optimizer.Parameters[tensor];
            streams[tensor][0].CopyTo(parameter.Values);
            streams[tensor][1].CopyTo(parameter.Gradients);
            for (int state = 0; state < optimizer.Definition.States.Count; state++)
            {
                streams[tensor][StreamsBeforeStates + state].CopyTo(optimizer.GetState(parameter, optimizer.Definition.States[state].Name));
            }

            if (optimizer.KeptAverage is { } average)
            {
                streams[tensor][^1].CopyTo(average.ElementsOf(parameter));
            }
        }
    }

    private void Forget(IReadOnlyCollection<(int Tensor, int Element)> thrown, T[][][] actual, T[][][] expected)
    {
        throwingElements += thrown.Count;
        foreach ((int tensor, int element) in thrown)
        {
            for (int stream = 0; stream < actual[tensor].Length; stream++)
            {
                int at = Finding.PositionIn(actual[tensor], stream, element);
                expected[tensor][stream][at] = actual[tensor][stream][at];
            }
        }
    }

    private (int Tensor, int Element)? FirstDifference(T[][][] actual, T[][][] expected)
    {
        for (int tensor = 0; tensor < actual.Length; tensor++)
        {
            int length = actual[tensor][0].Length;
            for (int element = 0; element < length; element++)
            {
                for (int stream = 0; stream < actual[tensor].Length; stream++)
                {
                    int at = Finding.PositionIn(actual[tensor], stream, element);
                    if (!FloatBits.Same(actual[tensor][stream][at], expected[tensor][stream][at]))
                    {
                        return (tensor, element);
                    }
                }
            }

            comparedValues += actual[tensor].Sum(stream => (long)stream.Length) - length;
        }

        return null;
    }

    /// <summary>What a step is refused with.</summary>
    private static Exception? Refusal(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Exception exception) when (exception is ArithmeticException or ArgumentException or InvalidOperationException)
        {
            return exception;
        }
    }
}
