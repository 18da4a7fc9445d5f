using System.Numerics;
using System.Reflection;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>
/// Rows that take the steps that they have missed have the bits of steps over all elements, which no kernel over rows has computed. The rules are those that ask for
/// such kernels, and have them.
/// </summary>
internal static class RandomRowCheck
{
    private const int RowCount = 9, Steps = 5;

    public static bool CanRun(RandomRule rule) => rule.Source.Contains("RowKernels = true", StringComparison.Ordinal) && !rule.Source.Contains("[Reduce", StringComparison.Ordinal);

    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public static string? Run(RandomRule rule, Assembly assembly)
    {
        Type type = assembly.GetType(rule.FullName, throwOnError: true)!;
        return rule.IsDouble ? Run<double>(rule, type) : Run<float>(rule, type);
    }

    private static string? Run<T>(RandomRule rule, Type type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        InstructionSet set = InstructionSets.Supported[rule.Index % InstructionSets.Supported.Count];
        int width = 1 + (rule.Index * 7 % 45);
        Optimizer<T> byRows = Make<T>(type, width, set, rule.Index), dense = Make<T>(type, width, set, rule.Index);
        byRows.UpdateByRows(byRows.Parameters[0], RowUpdates.CaughtUp, mostMissedSteps: 1 + (rule.Index % 6));
        var random = new Random(rule.Index);
        for (int step = 0; step < Steps; step++)
        {
            int[] rows = [.. Enumerable.Range(0, RowCount).Where(_ => random.Next(3) == 0)];
            T[] gradients = [.. Enumerable.Range(0, rows.Length * width).Select(_ => T.CreateTruncating((random.NextDouble() * 4) - 2))];
            dense.ZeroGradients();
            for (int i = 0; i < rows.Length; i++)
            {
                gradients.AsSpan(i * width, width).CopyTo(dense.Parameters[0].Gradients[(rows[i] * width)..]);
            }

            byRows.GradientScale = dense.GradientScale = step % 2 == 1 ? 0.5 : 1;
            byRows.StepRows(byRows.Parameters[0], rows, gradients);
            dense.Step();
        }

        byRows.CatchUp();
        return Difference("values", byRows.Parameters[0].Values, dense.Parameters[0].Values)
            ?? dense.Definition.States.Select(state => Difference(state.Name, byRows.GetState(byRows.Parameters[0], state.Name), dense.GetState(dense.Parameters[0], state.Name)))
                .FirstOrDefault(difference => difference is not null);
    }

    private static Optimizer<T> Make<T>(Type type, int width, InstructionSet set, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>();
        Parameter<T> table = parameters.Add("table", RowCount, width);
        var random = new Random(seed);
        foreach (ref T value in table.Values)
        {
            value = T.CreateTruncating((random.NextDouble() * 4) - 2);
        }

        var optimizer = (Optimizer<T>)Activator.CreateInstance(type, parameters, new OptimizerOptions())!;
        (optimizer.NonFiniteGradients, optimizer.InstructionSet) = (NonFiniteGradientPolicy.Allow, set);
        return optimizer;
    }

    private static string? Difference<T>(string stream, ReadOnlySpan<T> got, ReadOnlySpan<T> want)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < want.Length; i++)
        {
            // Equal zeros of other signs differ in their reciprocals; NaNs are equal.
            if (!got[i].Equals(want[i]) || !(T.One / got[i]).Equals(T.One / want[i]))
            {
                return $"{stream}[{i}] is {got[i]}, and {want[i]} in a step over all elements";
            }
        }

        return null;
    }
}
