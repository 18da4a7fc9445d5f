using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The methods marked [PerStep] and [PerTensor]: their signatures. Their bodies are any C#, and are called as they are.</summary>
internal sealed class ScalarMethodParser(RuleScope scope)
{
    private const int MostFlags = 4;

    private readonly List<ScalarMethodSpec> methods = [];
    private readonly List<ScalarStateSpec> states = [];

    public EquatableArray<ScalarMethodSpec> Methods => methods.ToEquatableArray();

    public EquatableArray<ScalarStateSpec> States => states.ToEquatableArray();

    /// <summary>The methods that need no reduction; what they hand out is known before the reductions.</summary>
    public void ParseEarly(IEnumerable<string> reductions)
    {
        HashSet<string> results = KnownLate(reductions);
        foreach (IMethodSymbol method in scope.MethodsWith(KnownAttributes.PerStep).Where(method => !Takes(method, results)))
        {
            Parse(method, perTensor: false, afterReductions: false, scope.EarlyScalars);
        }
    }

    /// <summary>The methods that run after the reductions: for the groups, then for the tensors.</summary>
    public void ParseLate(IEnumerable<string> reductions)
    {
        HashSet<string> results = KnownLate(reductions);
        foreach (IMethodSymbol method in scope.MethodsWith(KnownAttributes.PerStep).Where(method => Takes(method, results)))
        {
            Parse(method, perTensor: false, afterReductions: true, scope.ReducedScalars);
        }

        foreach (IMethodSymbol method in scope.MethodsWith(KnownAttributes.PerTensor))
        {
            Parse(method, perTensor: true, afterReductions: true, scope.TensorScalars);
        }
    }

    /// <summary>The results of the reductions, and what per-step methods hand out that take such a value.</summary>
    private HashSet<string> KnownLate(IEnumerable<string> reductions)
    {
        HashSet<string> late = [.. reductions];
        int before;
        do
        {
            before = late.Count;
            late.UnionWith(scope.MethodsWith(KnownAttributes.PerStep)
                .Where(method => Takes(method, late))
                .SelectMany(method => method.Parameters)
                .Where(parameter => parameter.RefKind == RefKind.Out)
                .Select(parameter => parameter.Name));
        }
        while (late.Count > before);
        return late;
    }

    private static bool Takes(IMethodSymbol method, HashSet<string> names) =>
        method.Parameters.Any(parameter => parameter.RefKind == RefKind.None && names.Contains(parameter.Name));

    private void Parse(IMethodSymbol method, bool perTensor, bool afterReductions, Dictionary<string, int> handedOut)
    {
        if (!method.IsStatic || method.IsGenericMethod || !method.ReturnsVoid || method.IsAsync)
        {
            scope.BadSignature(method, "must be static, not generic, and return void; it hands its results out by out parameters");
            return;
        }

        string? fault =
            RuleScope.FaultOf(method) is { } odd ? odd
            : method is { IsPartialDefinition: true, PartialImplementationPart: null } ? "must have a body; the generated code calls it"
            : RuleScope.IsObsoleteAsError(method) && !scope.IsObsoleteType ? "is [Obsolete] as an error, and the generated code calls it; let it be a warning"
            : Uncallable(method) is { } attribute ? $"is marked [{attribute}], so that the generated code cannot call it by a delegate; remove the attribute"
            : null;
        if (fault is not null)
        {
            scope.BadSignature(method, fault);
            return;
        }

        List<ArgumentSpec> arguments = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (Bind(parameter, perTensor, afterReductions, handedOut) is { } argument)
            {
                arguments.Add(argument);
            }
        }

        bool isPure = KnownAttributes.Find(method, KnownAttributes.PerStep) is { } perStep && KnownAttributes.ValueOf(perStep, "IsPure") is true;
        if (isPure && arguments.Exists(argument => argument.Kind == ArgumentKind.State))
        {
            scope.BadSignature(method, "is marked IsPure and keeps a state, so it depends on more than its parameters; remove one of the two");
        }

        methods.Add(new ScalarMethodSpec
        {
            IsPure = isPure,
            Name = Identifier.Escape(method.Name), Arguments = arguments.ToEquatableArray(), PerTensor = perTensor,
        });
    }

    /// <summary>The attribute that allows no delegate of a method.</summary>
    private static string? Uncallable(IMethodSymbol method) => method.GetAttributes()
        .Select(attribute => attribute.AttributeClass?.Name)
        .FirstOrDefault(name => name is "ConditionalAttribute" or "UnmanagedCallersOnlyAttribute")?.Replace("Attribute", "");

    private ArgumentSpec? Bind(IParameterSymbol parameter, bool perTensor, bool afterReductions, Dictionary<string, int> handedOut)
    {
        string type = parameter.Type.ToDisplayString();
        if (parameter.RefKind == RefKind.Out)
        {
            return BindOut(parameter, type, handedOut);
        }

        if (KnownAttributes.Find(parameter, KnownAttributes.State) is { } state)
        {
            if (parameter.RefKind != RefKind.Ref || type != "double")
            {
                scope.Unbound(parameter, "is marked [State]; in a method that computes scalars it must be ref double",
                    (FixData.State, type == "double" ? "ref" : null));
                return null;
            }

            RowStateParser.RefuseScalar(parameter, state, perTensor, scope);
            if (!states.Exists(one => one.Name == parameter.Name && one.PerTensor == perTensor))
            {
                states.Add(new ScalarStateSpec(parameter.Name, StateParser.InitialValue(state), perTensor));
            }

            int position = states.FindAll(one => one.PerTensor == perTensor).FindIndex(one => one.Name == parameter.Name);
            return new ArgumentSpec(ArgumentKind.State, position, parameter.Name, type);
        }

        int? variable =
            scope.EarlyScalars.TryGetValue(parameter.Name, out int early) ? early
            : afterReductions && scope.ReducedScalars.TryGetValue(parameter.Name, out int reduced) ? reduced
            : perTensor && scope.TensorScalars.TryGetValue(parameter.Name, out int ofTensor) ? ofTensor
            : perTensor && parameter.Name == Names.ElementCount ? Variables.ElementCount
            : null;
        bool whole = parameter.Name is Names.Step or Names.ElementCount;
        if (variable is { } known && parameter.RefKind == RefKind.None && (whole ? type is "long" or "double" : type == "double"))
        {
            return new ArgumentSpec(ArgumentKind.Scalar, known, parameter.Name, type);
        }

        bool unknown = variable is null && !scope.TensorScalars.ContainsKey(parameter.Name);
        scope.Unbound(parameter, !perTensor && scope.TensorScalars.ContainsKey(parameter.Name)
            ? "has a value for each tensor; mark the method [PerTensor]"
            : variable is not null
            ? $"must be a {(whole ? "long" : "double")} by value"
            : "is no hyperparameter in camelCase, 'step', reduction, or value that an earlier method hands out; "
                + "mark what is kept from step to step [State] ref double, and what is handed to the rule out double or out bool",
            unknown ? scope.Nearest(parameter, scope.EarlyScalars.Keys.Concat(afterReductions ? scope.ReducedScalars.Keys : Enumerable.Empty<string>())) : default,
            unknown && type == "double" ? scope.PossibleHyperparameter(parameter) : default,
            (FixData.Element, scope.ElementKeyword));
        return null;
    }

    private ArgumentSpec? BindOut(IParameterSymbol parameter, string type, Dictionary<string, int> handedOut)
    {
        if (type is not ("double" or "float" or "bool"))
        {
            scope.Unbound(parameter, "is handed out, and must be double, float or bool");
            return null;
        }

        bool flag = type == "bool";
        if (scope.HasScalar(parameter.Name))
        {
            scope.Unbound(parameter, "has the name of another scalar");
            return null;
        }

        if (flag && scope.Flags.Count == MostFlags)
        {
            scope.Unbound(parameter, $"is one choice too many: each doubles the number of kernels, and {MostFlags} are allowed");
            return null;
        }

        int variable = scope.Variables.New();
        (flag ? scope.Flags : handedOut).Add(parameter.Name, variable);
        return new ArgumentSpec(ArgumentKind.Out, variable, parameter.Name, type);
    }
}
