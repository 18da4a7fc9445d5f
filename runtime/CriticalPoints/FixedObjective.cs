using System.Numerics;
using System.Runtime.ExceptionServices;

namespace OptimGen;

/// <summary>
/// An objective over a fixed mini-batch, evaluated at points around that at which the parameters are. Values and gradients of all parameters of the set are
/// put back to the bit when it is disposed of.
/// </summary>
internal sealed class FixedObjective<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Objective<T> objective;
    private readonly int[] examples;
    private readonly (int Epoch, long Step, int Index) position;
    private readonly CancellationToken cancellation;
    private readonly T[][] values, gradients;
    private readonly Action putAddendsBack;

    public FixedObjective(ParameterSelection<T> selection, Objective<T> objective, MiniBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(objective);
        if (batch.Examples.IsEmpty)
        {
            throw new ArgumentException("The mini-batch has no examples.", nameof(batch));
        }

        cancellation.ThrowIfCancellationRequested();
        Selection = selection;
        (this.objective, this.cancellation) = (objective, cancellation);
        examples = batch.Examples.ToArray();
        position = (batch.Epoch, batch.Step, batch.Index);
        selection.Set.RequireMemory();
        values = [.. selection.Set.Select(parameter => parameter.Values.ToArray())];
        gradients = [.. selection.Set.Select(parameter => parameter.Gradients.ToArray())];
        putAddendsBack = selection.Set.KeepAddends();
        RequireFiniteValues();
        Point = ValuesOf(selection);
        ParameterNorm = DenseVector.Norm(Point);
    }

    public ParameterSelection<T> Selection { get; }

    /// <summary>The number of elements of the vector of parameters, n.</summary>
    public int Length => Selection.Length;

    /// <summary>θ, the selected parameters.</summary>
    public double[] Point { get; }

    /// <summary>‖θ‖ over the selected parameters.</summary>
    public double ParameterNorm { get; }

    /// <summary>The typical size of the parameters: ‖θ‖, or 1 if that is larger.</summary>
    public double Scale => Math.Max(ParameterNorm, 1);

    /// <summary>The cost at the point.</summary>
    public double Cost { get; private set; }

    /// <summary>The gradient at the point.</summary>
    public double[] Gradient { get; private set; } = [];

    /// <summary>The number of times that the objective has been called.</summary>
    public int Evaluations { get; private set; }

    public MiniBatch Batch => new(examples, position.Epoch, position.Step, position.Index);

    /// <summary>Computes cost and gradient at the point, twice.</summary>
    /// <exception cref="InvalidOperationException">Cost or gradient is not finite, or the objective is not deterministic.</exception>
    public void EvaluatePoint()
    {
        (Cost, Gradient) = EvaluateAtPoint();
        RequireSamePoint();
    }

    /// <summary>Computes cost and gradient at the point once more, and compares them with the first ones.</summary>
    /// <exception cref="InvalidOperationException">The objective is not deterministic.</exception>
    public void RequireSamePoint()
    {
        (double cost, double[] gradient) = EvaluateAtPoint();
        if (BitConverter.DoubleToInt64Bits(cost) != BitConverter.DoubleToInt64Bits(Cost))
        {
            throw NotDeterministic(FormattableString.Invariant($"the cost was {Cost} and then {cost}"));
        }

        int element = gradient.AsSpan().CommonPrefixLength(Gradient);
        if (element < gradient.Length)
        {
            throw NotDeterministic(FormattableString.Invariant($"{Describe(element)} was {Gradient[element]} and then {gradient[element]}"));
        }

        static InvalidOperationException NotDeterministic(string finding) => new(
            $"The objective is not deterministic: at the same parameters and examples, {finding}. Fix its random numbers, and the order of its sums.");
    }

    /// <summary>Computes cost and gradient at θ + t·v.</summary>
    /// <param name="direction">v, of norm 1.</param>
    /// <param name="distance">t.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <param name="cost">The cost.</param>
    /// <returns>Whether cost and gradient are finite.</returns>
    public bool TryEvaluate(ReadOnlySpan<double> direction, double distance, double[] gradient, out double cost)
    {
        Place(direction, distance);
        cost = Call();
        return double.IsFinite(cost) && FirstNonFinite() is null && ReadGradient(gradient);
    }

    /// <summary>Computes the cost at θ + d, whatever the gradient is.</summary>
    /// <returns>The cost, which may not be finite.</returns>
    public double EvaluateCost(ReadOnlySpan<double> displacement)
    {
        Place(displacement, distance: 1);
        return Call();
    }

    /// <inheritdoc cref="TryEvaluate"/>
    /// <exception cref="InvalidOperationException">Cost or gradient is not finite.</exception>
    public double Evaluate(ReadOnlySpan<double> direction, double distance, double[] gradient) =>
        TryEvaluate(direction, distance, gradient, out double cost)
            ? cost
            : throw NotFinite(cost, Math.Abs(distance));

    /// <summary>The error that says what is not finite at the place of the last evaluation.</summary>
    public InvalidOperationException NotFinite(double cost, double distance) =>
        NotFinite(cost, FormattableString.Invariant($"at a distance of {distance:G3} from the point, to which differences reach"));

    /// <summary>Puts the parameters at θ + t·v, rounded to their type.</summary>
    public void Place(ReadOnlySpan<double> direction, double distance)
    {
        PlaceAtPoint();
        for (int i = 0; i < Selection.Parameters.Length; i++)
        {
            Span<T> to = Selection.Parameters[i].Values;
            ReadOnlySpan<double> part = direction.Slice(Selection.Offset(i), to.Length);
            for (int k = 0; k < to.Length; k++)
            {
                to[k] = T.CreateTruncating(double.CreateTruncating(to[k]) + distance * part[k]);
            }
        }
    }

    /// <summary>Puts the parameters back to the bit.</summary>
    public void PlaceAtPoint() => CopyBack(values, static parameter => parameter.Values);

    /// <summary>Keeps the values at which the parameters are, instead of those at the beginning, when this is disposed of.</summary>
    public void KeepPlace()
    {
        int index = 0;
        foreach (Parameter<T> parameter in Selection.Set)
        {
            parameter.Values.CopyTo(values[index++]);
        }
    }

    /// <summary>Puts values and gradients back to the bit.</summary>
    public void Dispose()
    {
        // If wrapped memory cannot be used any more, the rest is put back all the same.
        ExceptionDispatchInfo? failure = null;
        foreach (Action restore in new[] { PlaceAtPoint, () => CopyBack(gradients, static parameter => parameter.Gradients), putAddendsBack })
        {
            try
            {
                restore();
            }
            catch (Exception exception)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    private static double[] ValuesOf(ParameterSelection<T> selection)
    {
        var all = new double[selection.Length];
        for (int i = 0; i < selection.Parameters.Length; i++)
        {
            Widen(selection.Parameters[i].Values, all.AsSpan(selection.Offset(i)));
        }

        return all;
    }

    private static void Widen(ReadOnlySpan<T> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = double.CreateTruncating(from[i]);
        }
    }

    private delegate Span<T> Memory(Parameter<T> parameter);

    private void CopyBack(T[][] saved, Memory memory)
    {
        ExceptionDispatchInfo? failure = null;
        for (int i = 0; i < saved.Length; i++)
        {
            try
            {
                saved[i].CopyTo(memory(Selection.Set[i]));
            }
            catch (Exception exception)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    private (double Cost, double[] Gradient) EvaluateAtPoint()
    {
        PlaceAtPoint();
        double cost = Call();
        var gradient = new double[Length];
        if (!double.IsFinite(cost) || FirstNonFinite() is not null || !ReadGradient(gradient))
        {
            throw NotFinite(cost, "at the point itself");
        }

        return (cost, gradient);
    }

    private double Call()
    {
        cancellation.ThrowIfCancellationRequested();
        Selection.Set.ZeroGradients();
        Evaluations++;
        double cost = objective(Selection.Set, Batch);
        Selection.Set.SumAddends();
        return cost;
    }

    /// <returns>Whether the norm of the gradient is finite in double.</returns>
    private bool ReadGradient(double[] gradient)
    {
        for (int i = 0; i < Selection.Parameters.Length; i++)
        {
            Widen(Selection.Parameters[i].Gradients, gradient.AsSpan(Selection.Offset(i)));
        }

        return double.IsFinite(DenseVector.Norm(gradient));
    }

    private NonFiniteGradient? FirstNonFinite()
    {
        foreach (Parameter<T> parameter in Selection.Set)
        {
            int element = FiniteCheck.IndexOfNonFinite<T>(parameter.Gradients);
            if (element >= 0)
            {
                return NonFiniteGradient.At(parameter, element);
            }
        }

        return null;
    }

    private InvalidOperationException NotFinite(double cost, string place) => new(
        !double.IsFinite(cost) ? FormattableString.Invariant($"The cost is {cost} {place}; nothing has changed.")
        : FirstNonFinite() is { } gradient ? $"The {gradient.Finding} {place}; nothing has changed."
        : $"The norm of the gradient overflows {place}; nothing has changed.");

    private void RequireFiniteValues()
    {
        foreach (Parameter<T> parameter in Selection.Set)
        {
            int element = FiniteCheck.IndexOfNonFinite<T>(parameter.Values);
            if (element >= 0)
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"The value of parameter '{parameter.Name}' at {parameter.Position(element)} is {parameter.Values[element]}; it must be finite."));
            }
        }
    }

    private string Describe(int element)
    {
        int index = 0;
        while (element >= Selection.Offset(index) + Selection.Parameters[index].Length)
        {
            index++;
        }

        Parameter<T> parameter = Selection.Parameters[index];
        return $"the gradient of parameter '{parameter.Name}' at {parameter.Position(element - Selection.Offset(index))}";
    }
}
