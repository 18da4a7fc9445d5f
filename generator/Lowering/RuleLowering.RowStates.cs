using System.Globalization;
using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// States with one number for each row. An assignment to one splits the step of a row: a kernel sums what is assigned over the row, and those that follow, of later
/// states and of the update, take the mean.
/// </summary>
internal sealed partial class RuleLowering
{
    private IEnumerable<Kernel> RowMeans(EquatableArray<FlagValue>[] combinations)
    {
        // A state and a flag may make the name of another state.
        HashSet<string> names = [];
        Kernel[][] ofCombinations = combinations.Select(combination => RowMeans(combination).ToArray()).ToArray();
        for (int i = 0; i < ofCombinations[0].Length; i++)
        {
            Kernel[] kernels = ofCombinations.Select(one => one[i]).ToArray();
            if (kernels.All(one => one.Body.Equals(kernels[0].Body)))
            {
                // The flags decide nothing that is assigned.
                kernels = [kernels[0] with { Name = NameOfSum(kernels[0], []), Flags = [] }];
            }

            foreach (Kernel kernel in kernels)
            {
                string name = kernel.Name;
                for (int number = 2; !names.Add(name); number++)
                {
                    name = kernel.Name + "Number" + number.ToString(CultureInfo.InvariantCulture);
                }

                yield return kernel with { Name = name };
            }
        }
    }

    private IEnumerable<Kernel> RowMeans(EquatableArray<FlagValue> combination)
    {
        for (int position = 0; ; position++)
        {
            // A lowering gives the instructions of one kernel.
            KernelLowering kernel = Begin(combination);
            kernel.AdjustGradient();
            kernel.Assign(rule.Stages);
            kernel.Assign(rule.Body);
            if (position == kernel.RowAssignments.Count)
            {
                yield break;
            }

            (int variable, int value) = kernel.RowAssignments[position];
            EquatableArray<Instruction> body = kernel.Reduce(value);
            Kernel made = Make("", combination, body, unroll: 1) with { Reduction = ReductionKind.Sum, RowState = streams[variable].Id, OfRow = kernel.OfRow };
            yield return made with { Name = NameOfSum(made, combination) };
        }
    }

    /// <summary>The name of a sum over a list of rows: the plural, since one that ends differently may be that of another state.</summary>
    private static string OverRows(string sum) => "Sums" + sum.Substring("Sum".Length);

    private string NameOfSum(Kernel kernel, EquatableArray<FlagValue> combination) =>
        NameFor("SumOf" + Identifier.Capitalize(streams.Values.First(stream => stream.Id == kernel.RowState).Name), combination);
}
