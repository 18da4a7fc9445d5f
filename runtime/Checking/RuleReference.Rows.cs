using System.Numerics;

namespace OptimGen;

/// <summary>
/// States of rows. The method is run for all elements of a row up to its next assignment to such a state, whose values make the mean, and from there on with the mean.
/// </summary>
internal sealed partial class RuleReference<T>
{
    /// <summary>The states with one number for each row, by their names.</summary>
    private readonly HashSet<string> ofRows;
    private MethodInterpreter? interpreter;

    private int Width => tensor.Length / tensor.Shape[0];

    /// <summary>The number that the element has in a state: its own, or its row's.</summary>
    private ref T StateOf(string name) => ref optimizer.GetState(tensor, name)[ofRows.Contains(name) ? index / Width : index];

    /// <summary>Updates the tensor row by row. Where the method throws for an element, nobody knows the mean of its row.</summary>
    private void UpdateRows(Action<int> onThrow)
    {
        interpreter ??= new MethodInterpreter(update!);
        int width = Width;
        for (int first = 0; first < tensor.Length; first += width)
        {
            try
            {
                UpdateRow(first, width);
            }
            catch (Exception exception) when (exception is ArithmeticException or ArgumentException)
            {
                for (int element = first; element < first + width; element++)
                {
                    onThrow(element);
                }
            }
        }
    }

    private void UpdateRow(int first, int width)
    {
        object?[][] handed = new object?[width][];
        for (int i = 0; i < width; i++)
        {
            index = first + i;
            handed[i] = Handed(Adjust(tensor.Gradients[index]));
        }

        var means = new Dictionary<int, T>();
        while (true)
        {
            (object?[] Left, T Result, int? Open, T Assigned)[] runs = [.. handed.Select(one => Run([.. one], means))];
            if (runs[0].Open is not { } open)
            {
                for (int i = 0; i < width; i++)
                {
                    index = first + i;
                    Keep(runs[i].Left, runs[i].Result);
                }

                return;
            }

            means.Add(open, T.CreateTruncating(Mean([.. runs.Select(run => double.CreateTruncating(run.Assigned))])));
        }
    }

    /// <summary>Runs the method for an element to its end, or to an assignment to a state of rows whose mean is not known yet.</summary>
    private (object?[] Left, T Result, int? Open, T Assigned) Run(object?[] handed, Dictionary<int, T> means)
    {
        (int? open, T assigned) = (null, T.Zero);
        object? result = interpreter!.Run(handed, (argument, value) =>
        {
            if (!ofRows.Contains(arguments[argument].Name))
            {
                return value;
            }

            if (means.TryGetValue(argument, out T mean))
            {
                return mean;
            }

            (open, assigned) = (argument, (T)value);
            return null;
        });
        return (handed, result is T number ? number : T.Zero, open, assigned);
    }

    /// <summary>Element i goes to lane i mod 16, from −0 on; then halves are added until one lane is left, and the sum is divided.</summary>
    private static double Mean(double[] values)
    {
        double[] lanes = [.. Enumerable.Repeat(-0.0, Lanes)];
        for (int i = 0; i < values.Length; i++)
        {
            lanes[i % Lanes] += values[i];
        }

        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0] / values.Length;
    }
}
