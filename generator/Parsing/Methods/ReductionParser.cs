using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The methods marked [Reduce].</summary>
internal sealed class ReductionParser(RuleScope scope, FieldScalars fields)
{
    /// <summary>The names of the results, for those who may take them.</summary>
    public IEnumerable<string> Results => scope.MethodsWith(KnownAttributes.Reduce).Select(method => Identifier.Uncapitalize(method.Name));

    /// <summary>Makes the results known, whether or not the bodies turn out well.</summary>
    public void Announce()
    {
        foreach (IMethodSymbol method in scope.MethodsWith(KnownAttributes.Reduce))
        {
            string name = Identifier.Uncapitalize(method.Name);
            if (scope.HasScalar(name))
            {
                scope.BadSignature(method, $"would be '{name}' to the rule, which is another scalar's name; rename it");
            }

            (IsGlobal(method) ? scope.ReducedScalars : scope.TensorScalars)[name] = scope.Variables.New();
        }
    }

    public EquatableArray<ReductionSpec> Parse() => scope.MethodsWith(KnownAttributes.Reduce)
        .Where(method => scope.IsElementMethod(method, KnownAttributes.Reduce))
        .Select(Parse)
        .OfType<ReductionSpec>()
        .ToEquatableArray();

    private ReductionSpec? Parse(IMethodSymbol method)
    {
        var translator = new MethodTranslator(
            scope.Compilation, scope.Sink, scope.Element, scope.Contract, scope.Variables, fields, scope.Cancellation);
        List<StateView> views = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind is not (RefKind.None or RefKind.In) || parameter.Type.SpecialType != scope.ElementSpecialType)
            {
                scope.Unbound(parameter, $"must be a {scope.ElementKeyword} by value: a reduction only reads");
            }
            else if (parameter.Name is Names.Parameter or Names.Gradient)
            {
                translator.Bind(parameter, new Variable(parameter.Name == Names.Parameter ? Variables.Parameter : Variables.Gradient));
            }
            else if (scope.StageValues.TryGetValue(parameter.Name, out int computed))
            {
                translator.Bind(parameter, new Variable(computed));
            }
            else if (scope.RowStates.Contains(parameter.Name))
            {
                RowStateParser.RefuseInReduction(parameter, scope);
            }
            else if (scope.States.TryGetValue(parameter.Name, out int state))
            {
                views.Add(new StateView(scope.Variables.New(), state));
                translator.Bind(parameter, new Variable(views[views.Count - 1].Variable));
            }
            else if (scope.EarlyScalars.TryGetValue(parameter.Name, out int scalar))
            {
                translator.Bind(parameter, new Variable(scalar));
            }
            else
            {
                scope.Unbound(
                    parameter,
                    "is no 'parameter', 'gradient', state, value of a stage, hyperparameter in camelCase, or scalar that is known before the reductions",
                    scope.Nearest(parameter, [Names.Parameter, Names.Gradient, .. scope.EarlyScalars.Keys, .. scope.States.Keys]),
                    scope.PossibleHyperparameter(parameter), (FixData.Element, scope.ElementKeyword));
            }
        }

        (EquatableArray<Assignment> body, Expression? result) = translator.Translate(method);
        int kind = KnownAttributes.Find(method, KnownAttributes.Reduce)!.ConstructorArguments is [{ Value: int given }, ..] ? given : -1;
        if (kind is < 0 or > (int)ReductionKind.MaxAbs)
        {
            scope.BadSignature(method, $"is marked [Reduce] with {kind}, which is no member of Reduction; write Sum, SumOfSquares, Norm or MaxAbs");
            return null;
        }

        if (result is null || scope.Scalar(Identifier.Uncapitalize(method.Name)) is not { } variable)
        {
            scope.Sink.FailSilently();
            return null;
        }

        return new ReductionSpec
        {
            Variable = variable,
            Name = Identifier.Uncapitalize(method.Name),
            Kind = (ReductionKind)kind,
            Global = IsGlobal(method),
            Body = body,
            Views = views.ToEquatableArray(),
            Result = new Assignment(scope.Variables.New(), "reduced", result, scope.Contract),
        };
    }

    private static bool IsGlobal(IMethodSymbol method) =>
        KnownAttributes.Find(method, KnownAttributes.Reduce)!.ConstructorArguments is [_, { Value: 1 }, ..];
}
