using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>The passes between a rule and its kernels, in their order. Each takes a tree and gives a tree.</summary>
internal static class RuleLowering
{
    public static LoweredRule Lower(RuleSpec rule)
    {
        var hoisting = new HoistScalars(NamesOf(rule));
        List<KernelBody> kernels = [];
        foreach (KernelCondition condition in Conditions(rule))
        {
            KernelBody kernel = LowerKernel(rule, condition, hoisting);
            KernelBody? general = kernels.Find(other => other.Condition.Flags.Equals(condition.Flags));
            if (general is null || kernel.OperationCount < general.OperationCount)
            {
                kernels.Add(kernel);
            }
        }

        EquatableArray<KernelBody> reductions = rule.Reductions.Select(reduction => LowerReduction(rule, reduction, hoisting)).ToEquatableArray();
        KernelBody? stages = rule.Method is null ? null : LowerStages(rule, rule.Method, hoisting);
        return new LoweredRule
        {
            Kernels = kernels.ToEquatableArray(),
            Reductions = reductions,
            Stages = stages,
            KernelScalars = hoisting.Scalars,
            StepScalars = NeededStepScalars(rule, hoisting.Scalars),
        };
    }

    /// <summary>A kernel for each combination of the flags; and each again for when the fading scalars are 1.</summary>
    private static IEnumerable<KernelCondition> Conditions(RuleSpec rule)
    {
        string[] flags = rule.Flags.ToArray();
        for (int combination = 0; combination < 1 << flags.Length; combination++)
        {
            EquatableArray<FlagValue> values = flags.Select((flag, i) => new FlagValue(flag, (combination >> i & 1) == 0)).ToEquatableArray();
            yield return new KernelCondition(values, UnitScalars: []);
            if (rule.FadingScalars.Count > 0)
            {
                yield return new KernelCondition(values, rule.FadingScalars);
            }
        }
    }

    private static KernelBody LowerKernel(RuleSpec rule, KernelCondition condition, HoistScalars hoisting)
    {
        Dictionary<string, bool> flags = condition.Flags.ToDictionary(flag => flag.Name, flag => flag.Value);
        IEnumerable<Assignment> body = rule.Body
            .Select(assignment => FoldTruths.Apply(assignment, flags))
            .Select(assignment => RemoveUnitFactors.Apply(assignment, condition.UnitScalars));
        string[] states = rule.States.Select(state => state.Stream).ToArray();
        return Finish(condition, body, rule, stored: [Names.Parameter, .. states], hoisting);
    }

    private static KernelBody LowerReduction(RuleSpec rule, ReductionSpec reduction, HoistScalars hoisting) =>
        Finish(new KernelCondition([], []), reduction.Body, rule, stored: [ReductionSpec.Value], hoisting);

    /// <summary>The stages alone, and every scalar that the method itself takes: the reference calls it with them.</summary>
    private static KernelBody LowerStages(RuleSpec rule, UpdateMethodSpec method, HoistScalars hoisting)
    {
        foreach (ArgumentSpec argument in method.Arguments.Where(argument => argument.Kind == ArgumentKind.Scalar))
        {
            hoisting.Apply(new Assignment(argument.Name, new Scalar(argument.Name), Contract: false));
        }

        string[] handed = method.Arguments.Where(argument => argument.Kind == ArgumentKind.Element).Select(argument => argument.Name).ToArray();
        return Finish(new KernelCondition([], []), method.Stages, rule, stored: [.. handed, .. rule.States.Select(state => state.Stream)], hoisting);
    }

    private static KernelBody Finish(
        KernelCondition condition, IEnumerable<Assignment> assignments, RuleSpec rule, string[] stored, HoistScalars hoisting)
    {
        EquatableArray<Assignment> body = assignments.Select(DefineSign.Apply).Select(DefineMinimum.Apply).Select(ContractMultiplyAdds.Apply).ToEquatableArray();
        body = RemoveUnused.Apply(body, stored);
        body = body.Select(hoisting.Apply).ToEquatableArray();
        return new KernelBody
        {
            Condition = condition,
            Assignments = body,
            Loads = rule.Streams.Where(stream => IsReadBeforeWritten(stream, body)).ToEquatableArray(),
            Stores = rule.Streams.Where(stored.Contains).Where(stream => body.Any(assignment => assignment.Name == stream)).ToEquatableArray(),
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

    private static IEnumerable<string> NamesOf(RuleSpec rule) =>
    [
        .. rule.Streams, .. rule.Body.Select(assignment => assignment.Name),
        .. rule.Reductions.SelectMany(reduction => reduction.Body).Select(assignment => assignment.Name),
        .. rule.Hyperparameters.Select(one => one.ScalarName), .. rule.StepScalars.Select(scalar => scalar.Name),
        .. rule.ScalarMethods.SelectMany(method => method.Arguments).Select(argument => argument.Name), .. rule.Fields.Select(field => field.Name),
        .. rule.Reductions.Select(reduction => reduction.Scalar), Names.Step, .. GeneratedMembers.Locals, .. GeneratedMembers.Structs,
    ];

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
