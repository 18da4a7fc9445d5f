using System.Numerics;
using System.Reflection;

namespace OptimGen;

/// <summary>The reductions of a rule, value by value, in the order that is fixed.</summary>
internal sealed partial class RuleReference<T>
{
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
        T[] states = [.. optimizer.Definition.States.Select(state => StateOf(state.Name))];
        T parameter = tensor.Values[element], gradient = ofGradient.Gradient(Adjust(tensor.Gradients[element]), parameter, this);
        Dictionary<string, T> staged = StageValues(gradient);
        for (int i = 0; i < states.Length; i++)
        {
            // The stages have moved their states, which a reduction only reads.
            StateOf(optimizer.Definition.States[i].Name) = states[i];
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
}
