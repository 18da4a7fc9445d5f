using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;

namespace OptimGen;

/// <summary>
/// A step of a declared optimizer without anything that was generated for it: the user's own methods are found by their attributes and called plainly, at
/// every step, from the initial state; nothing is kept from one step to the next but what the rule itself keeps.
/// </summary>
/// <remarks>
/// It reads hyperparameters and streams from an optimizer that never steps, and writes parameters, states, the parameters' average and the number of
/// steps there. Scalar states are its own.
/// </remarks>
[RequiresUnreferencedCode("The methods of the rule are found by reflection.")]
internal sealed partial class RuleReference<T> : StageReference<T>.IElement
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const int PieceLength = 1 << 14;
    private const int Lanes = 16;

    private readonly Optimizer<T> optimizer;
    private readonly MethodInfo[] perStep;
    private readonly MethodInfo[] perTensor;
    private readonly MethodInfo[] reductions;
    private readonly Argument[][] ofReductions;
    private readonly MethodInfo? update;
    private readonly Argument[] arguments;
    private readonly StageReference<T> ofGradient;
    private readonly Dictionary<string, StageReference<T>> ofArguments = [];
    private readonly HashSet<string> hyperparameters;
    private readonly HashSet<string> hyperparametersInCamelCase;
    /// <summary>Those that the current step has read: a step reads each of a group many times, and each has one value.</summary>
    private readonly Dictionary<(ParameterGroup<T> Group, string Name), T> readByStep = [];
    private Dictionary<(StateScope Scope, int Owner, string Name), double> scalarStates = [];
    private Dictionary<(StateScope Scope, int Owner, string Name), double> previousScalarStates = [];
    private Dictionary<(StateScope Scope, int Owner, string Name), double> nextScalarStates = [];
    private long step;
    private (T Factor, int Exponent, T Limit) adjustment;
    private Parameter<T> tensor = null!;
    private int index;
    private Dictionary<string, object> scalars = [];
    private Dictionary<string, T> beforeStep = [];

    public RuleReference(Optimizer<T> optimizer)
    {
        this.optimizer = optimizer;
        Type type = optimizer.GetType();
        perStep = MethodsWith<PerStepAttribute>(type);
        perTensor = MethodsWith<PerTensorAttribute>(type);
        reductions = MethodsWith<ReduceAttribute>(type);
        update = MethodsWith<UpdateRuleAttribute>(type).FirstOrDefault();
        arguments = update is null ? [] : Argument.Of(update);
        ofReductions = [.. reductions.Select(Argument.Of)];
        hyperparameters = [.. optimizer.Definition.Hyperparameters.Select(one => one.Name)];
        hyperparametersInCamelCase = [.. hyperparameters.Select(CamelCase)];
        ofRows = [.. arguments.Where(one => one.State is { Granularity: StateGranularity.Row }).Select(one => one.Name)];
        Argument[] staged = [.. arguments.Where(one => one.Name != "gradient" && HasStages(one.Parameter))];
        ofGradient = new StageReference<T>(
            update is null ? type : arguments.FirstOrDefault(one => one.Name == "gradient")?.Parameter ?? (ICustomAttributeProvider)update, "");
        foreach (Argument one in staged)
        {
            ofArguments.Add(one.Name, new StageReference<T>(one.Parameter, staged.Length > 1 ? one.Name : ""));
        }
    }

    /// <summary>Whether a scalar of the last step was not finite in the element type, for which a kernel's step is refused.</summary>
    public bool HadScalarThatIsNotFinite { get; private set; }

    private bool IsPerTensor => optimizer.Definition.PerTensor;

    /// <summary>Takes a step, or throws what refuses it.</summary>
    /// <exception cref="ThrowingReductionException">The user's method of a reduction throws for an element.</exception>
    /// <param name="onThrow">Takes the tensor and the element where the user's method throws.</param>
    public void Step(Action<int, int> onThrow)
    {
        HadScalarThatIsNotFinite = false;
        step = optimizer.StepCount + 1;
        nextScalarStates = new(scalarStates);
        TakeStep(onThrow);
        optimizer.StepCount = step;
        (previousScalarStates, scalarStates) = (scalarStates, nextScalarStates);
    }

    /// <summary>Takes back the number and the scalar states of the last step.</summary>
    public void TakeBack()
    {
        optimizer.StepCount--;
        scalarStates = previousScalarStates;
    }

    /// <summary>Goes on from where another optimizer is, whose streams are the oracle's already.</summary>
    public void GoOnFrom(Optimizer<T> other)
    {
        optimizer.StepCount = other.StepCount;
        foreach (ParameterGroup<T> group in optimizer.Parameters.Select(parameter => parameter.Group).Distinct())
        {
            foreach (ScalarStateDefinition state in optimizer.Definition.ScalarStates.Where(state => state.Scope == StateScope.Group))
            {
                scalarStates[(StateScope.Group, group.Index, state.Name)] = other.GetScalarState(other.Parameters.Groups[group.Index], state.Name);
            }
        }

        for (int position = 0; position < optimizer.Parameters.Count; position++)
        {
            foreach (ScalarStateDefinition state in optimizer.Definition.ScalarStates.Where(state => state.Scope == StateScope.Tensor))
            {
                scalarStates[(StateScope.Tensor, position, state.Name)] = other.GetScalarState(other.Parameters[position], state.Name);
            }
        }
    }

    /// <summary>Gives every state of an element the value that it is declared to start with.</summary>
    public void StartStates()
    {
        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            foreach (StateDefinition state in optimizer.Definition.States)
            {
                // A state that is no parameter of the method belongs to a stage, and starts at 0.
                StateAttribute? declared = arguments.FirstOrDefault(one => one.Name == state.Name)?.State;
                Span<T> elements = optimizer.GetState(parameter, state.Name);
                if (declared is { CopyOfParameter: true })
                {
                    parameter.Values.CopyTo(elements);
                }
                else
                {
                    elements.Fill(T.CreateTruncating(declared?.InitialValue ?? 0));
                }
            }
        }
    }

    /// <summary>A scalar state as the last step left it; <see langword="null"/> before the first step.</summary>
    public double? ScalarState(StateScope scope, int owner, string name) =>
        scalarStates.TryGetValue((scope, owner, name), out double value) ? value : null;

    T StageReference<T>.IElement.Hyperparameter(string name) => HyperparameterOf(tensor.Group, name);

    ref T StageReference<T>.IElement.State(string name) => ref optimizer.GetState(tensor, name)[index];

    T StageReference<T>.IElement.Narrow(double scalar) => Narrow(scalar);

    private static MethodInfo[] MethodsWith<TAttribute>(Type type)
        where TAttribute : Attribute =>
        [.. type.GetMethods(Everything).Where(method => method.IsDefined(typeof(TAttribute), inherit: false)).OrderBy(method => method.MetadataToken)];

    private static bool HasStages(ParameterInfo parameter) => parameter.GetCustomAttributes(inherit: false)
        .Any(one => one is EwaAttribute or HeavyBallAttribute or RmsNormalizeAttribute or AdagradNormalizeAttribute or InfinityNormalizeAttribute or BiasCorrectionAttribute);

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private T Narrow(double scalar)
    {
        T narrowed = T.CreateTruncating(scalar);
        HadScalarThatIsNotFinite |= !T.IsFinite(narrowed);
        return narrowed;
    }

    private void TakeStep(Action<int, int> onThrow)
    {
        readByStep.Clear();
        RefuseHyperparameters();
        RefuseGradients();
        adjustment = Adjustment();
        var ofGroups = optimizer.Parameters.Select(parameter => parameter.Group).Distinct().ToDictionary(group => group, group => ScalarsOf(group));
        foreach (KeyValuePair<ParameterGroup<T>, Dictionary<string, object>> group in ofGroups)
        {
            Run(perStep.Where(method => !NeedsReductions(method)), StateScope.Group, group.Key.Index, group.Value);
        }

        double[][] reduced = Reduce(ofGroups);
        foreach (KeyValuePair<ParameterGroup<T>, Dictionary<string, object>> group in ofGroups)
        {
            AddReductions(group.Value, ReductionScope.Global, reduced[^1]);
            Run(perStep.Where(NeedsReductions), StateScope.Group, group.Key.Index, group.Value);
        }

        Dictionary<string, object>[] ofTensors =
        [
            .. optimizer.Parameters.Select((parameter, position) =>
            {
                Dictionary<string, object> own = new(ofGroups[parameter.Group]) { ["elementCount"] = (long)parameter.Length };
                AddReductions(own, ReductionScope.Tensor, reduced[position]);
                Run(perTensor, StateScope.Tensor, position, own);
                return own;
            }),
        ];
        for (int position = 0; position < ofTensors.Length; position++)
        {
            (tensor, scalars) = (optimizer.Parameters[position], ofTensors[position]);
            if (ofRows.Count > 0 && Width > 1)
            {
                UpdateRows(element => onThrow(position, element));
                continue;
            }

            for (index = 0; index < tensor.Length; index++)
            {
                try
                {
                    Update(Adjust(tensor.Gradients[index]));
                }
                catch (Exception exception) when (exception is ArithmeticException or ArgumentException)
                {
                    onThrow(position, index);
                }
            }
        }

        if (optimizer.KeptAverage is { } average)
        {
            T share = T.CreateTruncating(1 - average.Decay);
            foreach (Parameter<T> parameter in optimizer.Parameters)
            {
                Span<T> averages = average.ElementsOf(parameter);
                for (int i = 0; i < averages.Length; i++)
                {
                    averages[i] += share * (parameter.Values[i] - averages[i]);
                }
            }
        }

        if (optimizer.ZeroGradientsAfterStep)
        {
            optimizer.ZeroGradients();
        }
    }

    private void RefuseHyperparameters()
    {
        foreach (ParameterGroup<T> group in optimizer.Parameters.Select(parameter => parameter.Group).Distinct())
        {
            foreach (HyperparameterDefinition one in optimizer.Definition.Hyperparameters)
            {
                double value = double.CreateTruncating(HyperparameterOf(group, one.Name));
                if (!double.IsFinite(value)
                    || (one.MinimumIsExclusive ? value <= one.Minimum : value < one.Minimum) || (one.MaximumIsExclusive ? value >= one.Maximum : value > one.Maximum))
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"{one.Name} is {value}."));
                }
            }
        }
    }

    /// <summary>The hyperparameter as it holds for a group: the group's own, or the property's, and the learning rate times the group's scale.</summary>
    private T HyperparameterOf(ParameterGroup<T> group, string name)
    {
        if (!readByStep.TryGetValue((group, name), out T value))
        {
            value = ReadHyperparameter(group, name);
            readByStep.Add((group, name), value);
        }

        return value;
    }

    private T ReadHyperparameter(ParameterGroup<T> group, string name)
    {
        T value = optimizer.GetHyperparameter(group, name) is { } own
            ? T.CreateTruncating(own)
            : (T)optimizer.GetType().GetProperty(name, Everything)!.GetValue(optimizer)!;
        double? scale = name == "LearningRate" ? optimizer.GetHyperparameter(group, "LearningRateScale") : null;
        return scale is null or 1 ? value : T.CreateTruncating(StageReference<T>.Meant(value) * scale.Value);
    }

    private Dictionary<string, object> ScalarsOf(ParameterGroup<T> group)
    {
        var own = new Dictionary<string, object> { ["step"] = step };
        foreach (string name in hyperparameters)
        {
            own[CamelCase(name)] = HyperparameterOf(group, name);
        }

        return own;
    }

    /// <summary>Whether a method takes the result of a reduction, or what a method hands out that does.</summary>
    private bool NeedsReductions(MethodInfo method)
    {
        HashSet<string> late = [.. reductions.Select(reduction => CamelCase(reduction.Name))];
        for (int before = -1; before < late.Count;)
        {
            before = late.Count;
            foreach (MethodInfo other in perStep.Where(other => other.GetParameters().Any(one => !one.IsOut && late.Contains(one.Name!))))
            {
                late.UnionWith(other.GetParameters().Where(one => one.IsOut).Select(one => one.Name!));
            }
        }

        return method.GetParameters().Any(one => !one.IsOut && late.Contains(one.Name!));
    }

    /// <summary>Calls methods that compute scalars, each in its turn.</summary>
    private void Run(IEnumerable<MethodInfo> methods, StateScope scope, int owner, Dictionary<string, object> known)
    {
        foreach (MethodInfo method in methods)
        {
            ParameterInfo[] parameters = method.GetParameters();
            object?[] handed = [.. parameters.Select(one =>
                one.IsOut ? null
                : one.GetCustomAttribute<StateAttribute>() is { } state ? nextScalarStates.TryGetValue((scope, owner, one.Name!), out double kept) ? kept : state.InitialValue
                : one.ParameterType == typeof(double) ? InDouble(known[one.Name!])
                : known[one.Name!])];
            Invoke(method, handed);
            for (int i = 0; i < parameters.Length; i++)
            {
                if (parameters[i].IsOut)
                {
                    known[parameters[i].Name!] = handed[i] is float single ? (double)single : handed[i]!;
                }
                else if (parameters[i].ParameterType.IsByRef)
                {
                    nextScalarStates[(scope, owner, parameters[i].Name!)] = (double)handed[i]!;
                }
            }
        }
    }

    /// <summary>A hyperparameter as the decimal that it means; a count or a double as it is.</summary>
    private static double InDouble(object scalar) => scalar switch
    {
        T hyperparameter => StageReference<T>.Meant(hyperparameter),
        long count => count,
        _ => (double)scalar,
    };

    private static object? Invoke(MethodInfo method, object?[] handed) =>
        method.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, handed, culture: null);

    private T Scalar(string name) => scalars[name] is T hyperparameter && hyperparametersInCamelCase.Contains(name)
        ? hyperparameter
        : Narrow(InDouble(scalars[name]));

    private Dictionary<string, T> StageValues(T gradient)
    {
        var values = new Dictionary<string, T>();
        foreach (Argument argument in arguments.Where(one => ofArguments.ContainsKey(one.Name)))
        {
            (T direction, T? denominator, double? divisor) = ofArguments[argument.Name].Direction(gradient, step, this);
            direction = denominator is { } quotient ? direction / quotient : direction;
            values.Add(argument.Name, divisor is { } by ? direction * Narrow(1 / by) : direction);
        }

        return values;
    }

    private void Update(T gradient)
    {
        if (update is null)
        {
            tensor.Values[index] = ofGradient.Update(tensor.Values[index], gradient, step, this);
            return;
        }

        object?[] handed = Handed(gradient);
        T result = (T)Invoke(update, handed)!;
        Keep(handed, result);
    }

    /// <summary>What the method is called with for an element, after the stages.</summary>
    private object?[] Handed(T gradient)
    {
        T parameter = tensor.Values[index];
        beforeStep = optimizer.Definition.States.ToDictionary(state => state.Name, state => StateOf(state.Name));
        gradient = ofGradient.Gradient(gradient, parameter, this);
        Dictionary<string, T> staged = StageValues(gradient);
        return [.. arguments.Select(one => Handed(one, parameter, gradient, staged))];
    }

    /// <summary>Stores what the method has left of an element.</summary>
    private void Keep(object?[] handed, T result)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].State is not null)
            {
                StateOf(arguments[i].Name) = (T)handed[i]!;
            }
        }

        tensor.Values[index] = result;
    }

    private object Handed(Argument argument, T parameter, T gradient, Dictionary<string, T> staged)
    {
        string name = argument.Name;
        return argument.State is not null ? StateOf(name)
            : argument.Previous is { } view ? beforeStep[view.State]
            : name == "parameter" ? parameter
            : name == "gradient" ? gradient
            : staged.TryGetValue(name, out T computed) ? computed
            : scalars[name] is bool flag ? flag
            : Scalar(name);
    }

    /// <summary>A parameter of one of the rule's methods, with the attributes that each element would ask for.</summary>
    private sealed record Argument(ParameterInfo Parameter, string Name, StateAttribute? State, PreviousAttribute? Previous)
    {
        public static Argument[] Of(MethodInfo method) =>
        [
            .. method.GetParameters().Select(one => new Argument(one, one.Name!, one.GetCustomAttribute<StateAttribute>(), one.GetCustomAttribute<PreviousAttribute>())),
        ];
    }
}

/// <summary>The user's method of a reduction throws for an element, for which a kernel computes something, so that nobody knows what the step is to give.</summary>
internal sealed class ThrowingReductionException : Exception;
