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
internal sealed class RuleReference<T> : StageReference<T>.IElement
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

    private void RefuseGradients()
    {
        if (optimizer.NonFiniteGradients == NonFiniteGradientPolicy.Allow)
        {
            return;
        }

        foreach (Parameter<T> parameter in optimizer.Parameters)
        {
            foreach (T gradient in parameter.Gradients)
            {
                if (!T.IsFinite(gradient))
                {
                    throw new ArithmeticException($"A gradient of '{parameter.Name}' is {gradient}.");
                }
            }
        }
    }

    /// <summary>
    /// What the step does to each gradient before the rule sees it: g·f·2ᵉ, limited. The exponent is 0 unless f would be subnormal in the element type.
    /// </summary>
    private (T Factor, int Exponent, T Limit) Adjustment()
    {
        (double factor, int exponent) = Normalize(optimizer.GradientScale, 0);
        if (optimizer.MaxGradientNorm is { } maximum)
        {
            (double root, int rootExponent) = GradientNorm();
            (double scaled, int scaledExponent) = Normalize(root * factor, rootExponent + exponent);
            (double limit, int limitExponent) = Normalize(maximum, 0);
            bool isLarger = double.IsNaN(scaled) || double.IsInfinity(limit) || scaled == 0 || double.IsInfinity(scaled) || scaledExponent == limitExponent
                ? scaled > limit
                : scaledExponent > limitExponent;
            (factor, exponent) = isLarger ? Normalize(limit / root, limitExponent - rootExponent) : double.IsNaN(root) ? (root, 0) : (factor, exponent);
        }

        double whole = Math.ScaleB(factor, exponent);
        T narrowed = T.CreateTruncating(whole);
        if (double.IsFinite(whole) && !T.IsFinite(narrowed))
        {
            throw new ArithmeticException(FormattableString.Invariant($"The factor of the gradients is {whole}."));
        }

        T largest = T.CreateTruncating(optimizer.MaxGradientValue ?? double.PositiveInfinity);
        return T.IsNormal(narrowed) || factor == 0 || !double.IsFinite(factor)
            ? (narrowed, 0, largest)
            : (T.CreateTruncating(factor / 2), exponent + 1, largest);
    }

    /// <summary>The Euclidean norm of all gradients as root·2ᵉ; elements whose squares a double cannot hold are scaled by a power of two.</summary>
    private (double Root, int Exponent) GradientNorm()
    {
        double Sum(int exponent)
        {
            double sum = 0;
            foreach (Parameter<T> parameter in optimizer.Parameters)
            {
                for (int start = 0; start < parameter.Length; start += PieceLength)
                {
                    int from = start;
                    sum += ReducePiece(
                        Reduction.SumOfSquares, Math.Min(PieceLength, parameter.Length - start),
                        i => Math.ScaleB(double.CreateTruncating(parameter.Gradients[from + i]), -exponent));
                }
            }

            return sum;
        }

        double plain = Sum(0), largest = optimizer.Parameters.Max(parameter => parameter.Gradients.ToArray().Max(one => Math.Abs(double.CreateTruncating(one))));
        bool isExact = FloatBits.IsSingle<T>() || !double.IsFinite(largest) || largest == 0 || (double.IsFinite(plain) && plain > 1e-250);
        int exponent = isExact ? 0 : Math.ILogB(largest);
        return (Math.Sqrt(isExact ? plain : Sum(exponent)), exponent);
    }

    /// <summary>A positive number as f·2ᵉ with f in [1, 2); zero, infinity and NaN as they are.</summary>
    private static (double Factor, int Exponent) Normalize(double factor, int exponent)
    {
        if (factor == 0 || !double.IsFinite(factor))
        {
            return (factor, 0);
        }

        int own = Math.ILogB(factor);
        return (Math.ScaleB(factor, -own), exponent + own);
    }

    private T Adjust(T gradient)
    {
        T scaled = gradient * adjustment.Factor;
        scaled = adjustment.Exponent == 0 ? scaled : T.ScaleB(scaled, adjustment.Exponent);
        return T.Min(T.Max(scaled, -adjustment.Limit), adjustment.Limit);
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

    /// <summary>The results for each tensor, and at the end those for everything.</summary>
    private double[][] Reduce(Dictionary<ParameterGroup<T>, Dictionary<string, object>> ofGroups)
    {
        double[][] results = [.. Enumerable.Range(0, optimizer.Parameters.Count + 1).Select(_ => new double[reductions.Length])];
        for (int r = 0; r < reductions.Length; r++)
        {
            Reduction reduction = reductions[r].GetCustomAttribute<ReduceAttribute>()!.Reduction;
            for (int position = 0; position < optimizer.Parameters.Count; position++)
            {
                tensor = optimizer.Parameters[position];
                scalars = ofGroups[tensor.Group];
                for (int start = 0; start < tensor.Length; start += PieceLength)
                {
                    int from = start;
                    double piece = ReducePiece(reduction, Math.Min(PieceLength, tensor.Length - start), i => ValueOf(r, from + i));
                    results[position][r] = Combine(reduction, results[position][r], piece);
                }

                results[^1][r] = Combine(reduction, results[^1][r], results[position][r]);
            }

            foreach (double[] of in results)
            {
                of[r] = reduction == Reduction.Norm ? Math.Sqrt(of[r]) : of[r];
            }
        }

        return results;
    }

    /// <summary>Element i goes to lane i mod 16; then halves are combined until one lane is left.</summary>
    private static double ReducePiece(Reduction reduction, int length, Func<int, double> valueOf)
    {
        double[] lanes = new double[Lanes];
        for (int i = 0; i < length; i++)
        {
            double value = valueOf(i);
            double term = reduction switch { Reduction.Sum => value, Reduction.MaxAbs => Math.Abs(value), _ => value * value };
            lanes[i % Lanes] = Combine(reduction, lanes[i % Lanes], term);
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] = Combine(reduction, lanes[i], lanes[i + half]);
            }
        }

        return lanes[0];
    }

    private static double Combine(Reduction reduction, double left, double right) => reduction == Reduction.MaxAbs ? Math.Max(left, right) : left + right;

    private double ValueOf(int reduction, int element)
    {
        index = element;
        T[] states = [.. optimizer.Definition.States.Select(state => optimizer.GetState(tensor, state.Name)[element])];
        T parameter = tensor.Values[element], gradient = ofGradient.Gradient(Adjust(tensor.Gradients[element]), parameter, this);
        Dictionary<string, T> staged = StageValues(gradient);
        for (int i = 0; i < states.Length; i++)
        {
            // The stages have moved their states, which a reduction only reads.
            optimizer.GetState(tensor, optimizer.Definition.States[i].Name)[element] = states[i];
        }

        object?[] handed = [.. ofReductions[reduction].Select(one => (object?)(
            one.Name == "parameter" ? parameter
            : one.Name == "gradient" ? gradient
            : staged.TryGetValue(one.Name, out T computed) ? computed
            : optimizer.Definition.States.Any(state => state.Name == one.Name) ? optimizer.GetState(tensor, one.Name)[element]
            : Scalar(one.Name)))];
        try
        {
            return double.CreateTruncating((T)Invoke(reductions[reduction], handed)!);
        }
        catch (Exception exception) when (exception is ArithmeticException or ArgumentException)
        {
            throw new ThrowingReductionException();
        }
    }

    private T Scalar(string name) => scalars[name] is T hyperparameter && hyperparametersInCamelCase.Contains(name)
        ? hyperparameter
        : Narrow(InDouble(scalars[name]));

    private void AddReductions(Dictionary<string, object> known, ReductionScope scope, double[] results)
    {
        for (int r = 0; r < reductions.Length; r++)
        {
            if (reductions[r].GetCustomAttribute<ReduceAttribute>()!.Scope == scope)
            {
                known[CamelCase(reductions[r].Name)] = results[r];
            }
        }
    }

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
        T parameter = tensor.Values[index];
        if (update is null)
        {
            tensor.Values[index] = ofGradient.Update(parameter, gradient, step, this);
            return;
        }

        beforeStep = optimizer.Definition.States.ToDictionary(state => state.Name, state => optimizer.GetState(tensor, state.Name)[index]);
        gradient = ofGradient.Gradient(gradient, parameter, this);
        Dictionary<string, T> staged = StageValues(gradient);
        object?[] handed = [.. arguments.Select(one => Handed(one, parameter, gradient, staged))];
        T result = (T)Invoke(update, handed)!;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].State is not null)
            {
                optimizer.GetState(tensor, arguments[i].Name)[index] = (T)handed[i]!;
            }
        }

        tensor.Values[index] = result;
    }

    private object Handed(Argument argument, T parameter, T gradient, Dictionary<string, T> staged)
    {
        string name = argument.Name;
        return argument.State is not null ? optimizer.GetState(tensor, name)[index]
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
