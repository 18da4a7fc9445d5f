using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>
/// Gives every value of a rule a name that generated code can use for it. A rule's author may call a state <c>count</c> or <c>class</c>, and a
/// hyperparameter as a state; what users see keeps its name, and what has no conflict does too.
/// </summary>
internal static class DistinctNames
{
    public static RuleSpec Apply(RuleSpec rule)
    {
        Dictionary<string, string> locals = NameLocals(rule);
        Dictionary<string, string> scalars = NameScalars(rule, locals.Values);
        Dictionary<string, string> kept = NameScalarStates(rule);
        string Local(string name) => locals.TryGetValue(name, out string? given) ? given : name;
        string Scalar(string name) => scalars.TryGetValue(name, out string? given) ? given : name;
        Expression Rename(Expression value) => value.Rewrite(node => node switch
        {
            Local local => local with { Name = Local(local.Name) },
            Scalar scalar => new Scalar(Scalar(scalar.Name)),
            Flag flag => new Flag(Scalar(flag.Name)),
            _ => node,
        });
        EquatableArray<Assignment> RenameAll(EquatableArray<Assignment> body) =>
            body.Select(assignment => assignment with { Name = Local(assignment.Name), Value = Rename(assignment.Value) }).ToEquatableArray();
        ArgumentSpec RenameArgument(ArgumentSpec argument) => argument.Kind switch
        {
            ArgumentKind.Element or ArgumentKind.State => argument with { Name = Local(argument.Name) },
            ArgumentKind.ScalarState => argument with { Name = kept[argument.Name] },
            _ => argument with { Name = Scalar(argument.Name) },
        };

        return rule with
        {
            Hyperparameters = rule.Hyperparameters.Select(one => one with { ScalarName = Scalar(one.ScalarName) }).ToEquatableArray(),
            States = rule.States.Select(state => state with { Stream = Local(state.Stream) }).ToEquatableArray(),
            StepScalars = rule.StepScalars.Select(one => one with { Name = Scalar(one.Name), Value = Rename(one.Value) }).ToEquatableArray(),
            FadingScalars = rule.FadingScalars.Select(Scalar).ToEquatableArray(),
            Body = RenameAll(rule.Body),
            Method = rule.Method is not { } method ? null : method with
            {
                Arguments = method.Arguments.Select(RenameArgument).ToEquatableArray(), Stages = RenameAll(method.Stages),
            },
            ScalarMethods = rule.ScalarMethods
                .Select(one => one with { Arguments = one.Arguments.Select(RenameArgument).ToEquatableArray() })
                .ToEquatableArray(),
            ScalarStates = rule.ScalarStates.Select(state => state with { Name = kept[state.Name] }).ToEquatableArray(),
            Reductions = rule.Reductions.Select(one => one with { Scalar = Scalar(one.Scalar), Body = RenameAll(one.Body) }).ToEquatableArray(),
            Fields = rule.Fields.Select(field => field with { Name = Scalar(field.Name) }).ToEquatableArray(),
        };
    }

    /// <summary>Streams, and what assignments name. A stream's reference is the stream's name with "Stream".</summary>
    private static Dictionary<string, string> NameLocals(RuleSpec rule)
    {
        string[] own = [Names.Parameter, Names.Gradient, ReductionSpec.Value];
        IEnumerable<string> wanted = rule.States.Select(state => state.Stream)
            .Concat(rule.Body.Concat(rule.Reductions.SelectMany(reduction => reduction.Body)).Select(assignment => assignment.Name))
            .Except(own);
        HashSet<string> taken = [.. GeneratedMembers.Locals, .. own, .. own.Select(name => name + "Stream")];
        var names = new Dictionary<string, string>();
        foreach (string name in wanted.Distinct())
        {
            string given = Free(name, candidate => !taken.Contains(candidate) && !taken.Contains(candidate + "Stream"));
            taken.Add(given);
            taken.Add(given + "Stream");
            names.Add(name, given);
        }

        return names;
    }

    /// <summary>Hyperparameters and all other scalars. In the structs that hold them their names begin with a capital.</summary>
    private static Dictionary<string, string> NameScalars(RuleSpec rule, IEnumerable<string> locals)
    {
        HashSet<string> taken =
        [
            .. GeneratedMembers.Locals, .. GeneratedMembers.Names, ReductionSpec.Value, Names.Step, Names.ElementCount,
            .. locals, .. locals.Select(name => name + "Stream"),
            .. rule.ScalarMethods.Select(method => method.Name), .. rule.Method is { } method ? [method.Name] : Array.Empty<string>(),
            .. rule.Hyperparameters.Select(one => one.Name),
        ];
        HashSet<string> fields = [.. GeneratedMembers.Structs];
        var names = new Dictionary<string, string>();
        void Name(string name, bool isHyperparameter)
        {
            if (names.ContainsKey(name))
            {
                return;
            }

            string given = Free(name, candidate => !taken.Contains(candidate) && !fields.Contains(Identifier.Capitalize(candidate))
                && !(isHyperparameter && fields.Contains(Exact(candidate))));
            taken.Add(given);
            fields.Add(Identifier.Capitalize(given));
            if (isHyperparameter)
            {
                fields.Add(Exact(given));
            }

            names.Add(name, given);
        }

        foreach (HyperparameterSpec hyperparameter in rule.Hyperparameters)
        {
            Name(hyperparameter.ScalarName, isHyperparameter: true);
        }

        IEnumerable<string> others =
        [
            .. rule.StepScalars.Select(scalar => scalar.Name), .. rule.Reductions.Select(reduction => reduction.Scalar), .. rule.Fields.Select(field => field.Name),
            .. rule.ScalarMethods.SelectMany(method => method.Arguments)
                .Where(argument => argument.Kind is ArgumentKind.OutScalar or ArgumentKind.OutFlag)
                .Select(argument => argument.Name),
        ];
        foreach (string name in others)
        {
            Name(name, isHyperparameter: false);
        }

        return names;
    }

    private static Dictionary<string, string> NameScalarStates(RuleSpec rule)
    {
        HashSet<string> fields = [.. GeneratedMembers.Structs];
        var names = new Dictionary<string, string>();
        foreach (string name in rule.ScalarStates.Select(state => state.Name).Distinct())
        {
            string given = Free(name, candidate => !fields.Contains(Identifier.Capitalize(candidate)));
            fields.Add(Identifier.Capitalize(given));
            names.Add(name, given);
        }

        return names;
    }

    /// <summary>The field of a hyperparameter's value in double.</summary>
    private static string Exact(string scalar) => Identifier.Capitalize(GeneratedMembers.Exact(scalar));

    private static string Free(string name, Func<string, bool> isFree)
    {
        string free = Keywords.Include(name) || !isFree(name) ? name + "Value" : name;
        for (int number = 2; !isFree(free); number++)
        {
            free = $"{name}Value{number}";
        }

        return free;
    }
}
