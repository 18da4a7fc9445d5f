using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Stages;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>A rule that is a method: binds its parameters, reads its body, and puts before it what stages on its parameters compute.</summary>
internal sealed class MethodRuleParser
{
    private readonly RuleScope scope;
    private readonly IMethodSymbol update;
    private readonly RuleBuilder stages = new();
    private readonly List<StateSpec> states = [];
    private readonly List<ArgumentSpec> arguments = [];
    private readonly List<Assignment> previous = [];

    private MethodRuleParser(RuleScope scope, IMethodSymbol update) => (this.scope, this.update) = (scope, update);

    /// <returns>The rule; <see langword="null"/> if the type has no method marked [UpdateRule], or one that cannot be one.</returns>
    public static RuleSpec? Parse(
        INamedTypeSymbol type, IMethodSymbol update, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        ElementType element = update.ReturnType.SpecialType == SpecialType.System_Double ? ElementType.Double : ElementType.Float;
        bool contract = KnownAttributes.Find(type, KnownAttributes.Optimizer)!.NamedArguments.Any(argument => argument is { Key: "Contract", Value.Value: true });
        var scope = new RuleScope(type, compilation, element, contract, sink, cancellation);
        return scope.IsElementMethod(update, KnownAttributes.UpdateRule) ? new MethodRuleParser(scope, update).Parse() : null;
    }

    private RuleSpec? Parse()
    {
        RefuseOtherRules();
        ReserveNames();
        var fields = new FieldScalars(scope.Names);
        List<HyperparameterSpec> hyperparameters = HyperparameterParser.Parse(scope);
        ParseStages();
        var reductions = new ReductionParser(scope, fields);
        var scalarMethods = new ScalarMethodParser(scope);
        scalarMethods.ParseEarly(reductions.Names);
        reductions.Announce();
        scalarMethods.ParseLate(reductions.Names);

        var translator = new MethodTranslator(
            scope.Compilation, scope.Sink, scope.Element, scope.Contract, scope.Names, fields, scope.Cancellation);
        foreach (IParameterSymbol parameter in update.Parameters)
        {
            Bind(parameter, translator);
        }

        scope.States.UnionWith(states.Select(state => state.Name));
        EquatableArray<ReductionSpec> reduced = reductions.Parse();
        (EquatableArray<Assignment> body, Expression? result) = translator.Translate(update);
        if (result is null)
        {
            scope.Sink.FailSilently();
            return null;
        }

        RuleSpec ofStages = stages.Build(scope.Element);
        return ofStages with
        {
            Equations = ofStages.Equations.Concat(TextOf(update)).ToEquatableArray(),
            Hyperparameters = hyperparameters.Concat(ofStages.Hyperparameters).ToEquatableArray(),
            States = states.Concat(ofStages.States).ToEquatableArray(),
            Body = [.. previous, .. ofStages.Body, .. body, new Assignment(Names.Parameter, result, scope.Contract)],
            Method = new UpdateMethodSpec(update.Name, arguments.ToEquatableArray(), [.. previous, .. ofStages.Body]),
            ScalarMethods = scalarMethods.Methods,
            ScalarStates = scalarMethods.States,
            Reductions = reduced,
            Fields = fields.All,
        };
    }

    private void RefuseOtherRules()
    {
        foreach (IMethodSymbol second in scope.MethodsWith(KnownAttributes.UpdateRule).Where(method => !SymbolEqualityComparer.Default.Equals(method, update)))
        {
            scope.Sink.Report(Descriptors.SecondUpdateRule, RuleScope.LocationOf(second), second.Name, scope.Type.Name);
        }

        foreach (AttributeData attribute in scope.Type.GetAttributes())
        {
            if (KnownAttributes.ShortName(attribute) is { } name && KnownAttributes.Stages.Contains(name))
            {
                Location? location = attribute.ApplicationSyntaxReference?.GetSyntax(scope.Cancellation).GetLocation();
                scope.Sink.Report(Descriptors.StageBesideMethod, location, name, update.Name);
            }
        }
    }

    private void ReserveNames()
    {
        foreach (string name in update.Parameters.Select(parameter => parameter.Name).Concat([Names.Parameter, Names.Gradient, ReductionSpec.Value]))
        {
            scope.Names.Reserve(name);
            scope.Names.Reserve(name + "Stream");
        }
    }

    /// <summary>The stages on the gradient, then those on other parameters: the order of a rule that is all stages.</summary>
    private void ParseStages()
    {
        IParameterSymbol[] withStages = update.Parameters.Where(parameter => StagesOn(parameter).Any()).ToArray();
        foreach (IParameterSymbol parameter in withStages.Where(parameter => parameter.Name == Names.Gradient))
        {
            RefuseStages(parameter, KnownAttributes.ValueStages, "only [ClipByValue] and [WeightDecay] apply to the gradient");
            GradientStages.Apply(stages, StageParser.Parse(parameter, scope.Sink, scope.Cancellation));
        }

        IParameterSymbol[] values = withStages.Where(parameter => parameter.Name != Names.Gradient).ToArray();
        foreach (IParameterSymbol parameter in values)
        {
            RefuseStages(parameter, KnownAttributes.GradientStages, "put it on the gradient");
            var own = new RuleBuilder(values.Length > 1 ? parameter.Name : "");
            StageSet set = StageParser.Parse(parameter, scope.Sink, scope.Cancellation);
            FirstMomentStages.Apply(own, set);
            SecondMomentStages.Apply(own, set);
            stages.Include(own);
            Expression value = own.DirectionDivisor is null
                ? own.Direction
                : own.Direction * stages.StepScalar(parameter.Name + "Scale", 1 / own.DirectionDivisor, "the correction of the first moment");
            if (!value.Equals(new Local(parameter.Name)))
            {
                stages.Assign(parameter.Name, value, $"{parameter.Name} = {own.DirectionSymbol}");
            }
        }

        RuleSpec built = stages.Build(scope.Element);
        scope.EarlyScalars.UnionWith(built.Hyperparameters.Select(one => one.ScalarName));
        scope.States.UnionWith(built.States.Select(state => state.Name));
        foreach (string name in built.States.Select(state => state.Name).Concat(built.Body.Select(assignment => assignment.Name)))
        {
            scope.Names.Reserve(name);
        }
    }

    private static IEnumerable<string> StagesOn(IParameterSymbol parameter) =>
        parameter.GetAttributes().Select(KnownAttributes.ShortName).OfType<string>().Where(KnownAttributes.Stages.Contains);

    private void RefuseStages(IParameterSymbol parameter, string[] refused, string advice)
    {
        foreach (string stage in StagesOn(parameter).Where(refused.Contains))
        {
            scope.Sink.Report(Descriptors.StageOnParameter, RuleScope.LocationOf(parameter), stage, parameter.Name, advice);
        }
    }

    private void Bind(IParameterSymbol parameter, MethodTranslator translator)
    {
        string name = parameter.Name;
        if (KnownAttributes.Find(parameter, KnownAttributes.State) is { } state)
        {
            if (StateParser.Parse(parameter, state, scope) is { } spec)
            {
                states.Add(spec);
                Bind(parameter, translator, ArgumentKind.State, new Local(name), assignable: name);
            }

            return;
        }

        if (parameter.RefKind != RefKind.None)
        {
            scope.Unbound(parameter, "is passed by reference; only a [State] is");
            return;
        }

        if (scope.Flags.Contains(name) && parameter.Type.SpecialType == SpecialType.System_Boolean)
        {
            Bind(parameter, translator, ArgumentKind.Flag, new Flag(name), assignable: null);
            return;
        }

        if (parameter.Type.SpecialType != scope.ElementSpecialType)
        {
            scope.Unbound(parameter, $"must be a {scope.ElementKeyword}, or a bool that a [PerStep] method hands out");
            return;
        }

        if (KnownAttributes.Find(parameter, KnownAttributes.Previous) is { } view)
        {
            BindPrevious(parameter, view, translator);
        }
        else if (name is Names.Parameter or Names.Gradient || StagesOn(parameter).Any())
        {
            // A parameter may have the name of its stage's state, which the method must not change through it.
            bool isState = stages.Build(scope.Element).States.Any(state => state.Name == name);
            Bind(parameter, translator, ArgumentKind.Element, new Local(name), assignable: isState ? null : name);
        }
        else if (scope.EarlyScalars.Contains(name) || scope.ReducedScalars.Contains(name) || scope.TensorScalars.Contains(name))
        {
            Bind(parameter, translator, ArgumentKind.Scalar, new Scalar(name), assignable: null);
        }
        else
        {
            scope.Unbound(
                parameter,
                "is bound to nothing; name it 'parameter', 'gradient' or 'step', or as a [Hyperparameter] property in camelCase, a [Reduce] method in camelCase "
                + "or an out parameter of a [PerStep] method, or mark it [State] ref or with stages such as [Ewa]");
        }
    }

    private void Bind(IParameterSymbol parameter, MethodTranslator translator, ArgumentKind kind, Expression value, string? assignable)
    {
        arguments.Add(new ArgumentSpec(kind, parameter.Name, parameter.Type.ToDisplayString()));
        translator.Bind(parameter, value, assignable);
    }

    private void BindPrevious(IParameterSymbol parameter, AttributeData view, MethodTranslator translator)
    {
        string? of = view.ConstructorArguments is [{ Value: string given }] ? given : null;
        bool known = of is not null && (scope.States.Contains(of)
            || update.Parameters.Any(other => other.Name == of && KnownAttributes.Has(other, KnownAttributes.State)));
        if (!known)
        {
            scope.Unbound(parameter, $"views the state '{of}', which the rule does not have");
            return;
        }

        previous.Add(new Assignment(parameter.Name, new Local(of!), Contract: false, $"{of} as it was before the step"));
        Bind(parameter, translator, ArgumentKind.Element, new Local(parameter.Name), assignable: parameter.Name);
    }

    /// <summary>The body as the user wrote it, without comments, a line each.</summary>
    private static IEnumerable<string> TextOf(IMethodSymbol method)
    {
        SyntaxNode? body = method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            MethodDeclarationSyntax { Body: { } block } => block,
            MethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => SyntaxFactory.ReturnStatement(expression),
            _ => null,
        };
        if (body is null)
        {
            return [];
        }

        SyntaxNode bare = body.ReplaceTrivia(body.DescendantTrivia(descendIntoTrivia: true), (_, _) => default);
        string[] lines = bare.NormalizeWhitespace(eol: "\n").ToFullString().Split('\n');
        return body is BlockSyntax
            ? lines.Skip(1).Take(lines.Length - 2).Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line.Substring(4) : line)
            : lines;
    }
}
