using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>The passes between a rule and its kernels, in their order. Each takes a tree and gives a tree.</summary>
internal static class RuleLowering
{
    public const string MainKernel = "Run";
    public const string FadedKernel = "RunUncorrected";

    public static LoweredRule Lower(RuleSpec rule)
    {
        EquatableArray<Assignment> body = rule.Body.Select(DefineSign.Apply).ToEquatableArray();
        var hoisting = new HoistScalars();
        List<KernelBody> kernels = [Finish(MainKernel, body, rule, hoisting)];
        if (rule.FadingScalars.Count > 0)
        {
            EquatableArray<Assignment> faded = body.Select(one => RemoveUnitFactors.Apply(one, rule.FadingScalars)).ToEquatableArray();
            KernelBody second = Finish(FadedKernel, faded, rule, hoisting);
            if (second.OperationCount < kernels[0].OperationCount)
            {
                kernels.Add(second);
            }
        }

        EquatableArray<KernelScalar> kernelScalars = hoisting.Scalars;
        return new LoweredRule
        {
            StepScalars = NeededStepScalars(rule, kernelScalars),
            KernelScalars = kernelScalars,
            Kernels = kernels.ToEquatableArray(),
            FadingScalars = kernels.Count > 1 ? rule.FadingScalars : [],
        };
    }

    private static KernelBody Finish(string name, EquatableArray<Assignment> body, RuleSpec rule, HoistScalars hoisting)
    {
        if (rule.Contract)
        {
            body = body.Select(ContractMultiplyAdds.Apply).ToEquatableArray();
        }

        string[] streams = [Names.Parameter, Names.Gradient, .. rule.States.Select(state => state.Name)];
        string[] written = [Names.Parameter, .. rule.States.Select(state => state.Name)];
        body = RemoveUnused.Apply(body, written);
        body = body.Select(hoisting.Apply).ToEquatableArray();
        return new KernelBody
        {
            Name = name,
            Assignments = body,
            Loads = streams.Where(stream => IsReadBeforeWritten(stream, body)).ToEquatableArray(),
            Stores = written.Where(stream => body.Any(assignment => assignment.Name == stream)).ToEquatableArray(),
            Scalars = hoisting.Scalars.Select(scalar => scalar.Name).Where(scalar => Uses(body, scalar)).ToEquatableArray(),
        };
    }

    private static bool IsReadBeforeWritten(string stream, EquatableArray<Assignment> body)
    {
        foreach (Assignment assignment in body)
        {
            if (assignment.Value.Nodes.OfType<Local>().Any(local => local.Name == stream))
            {
                return true;
            }

            if (assignment.Name == stream)
            {
                return false;
            }
        }

        return false;
    }

    private static bool Uses(EquatableArray<Assignment> body, string scalar) =>
        body.Any(assignment => assignment.Value.Nodes.OfType<Scalar>().Any(one => one.Name == scalar));

    private static EquatableArray<StepScalarSpec> NeededStepScalars(RuleSpec rule, EquatableArray<KernelScalar> kernelScalars)
    {
        HashSet<string> needed = [.. kernelScalars.SelectMany(scalar => scalar.Value.Nodes).OfType<Scalar>().Select(scalar => scalar.Name)];
        var kept = new List<StepScalarSpec>();
        foreach (StepScalarSpec scalar in rule.StepScalars.Reverse())
        {
            if (needed.Contains(scalar.Name))
            {
                needed.UnionWith(scalar.Value.Nodes.OfType<Scalar>().Select(one => one.Name));
                kept.Add(scalar);
            }
        }

        kept.Reverse();
        return kept.ToEquatableArray();
    }
}
