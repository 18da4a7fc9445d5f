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
    private readonly RuleBuilder stages;
    private readonly List<StateSpec> states = [];
    private readonly List<Assignment> previous = [];

    private MethodRuleParser(RuleScope scope, IMethodSymbol update)
    {
        (this.scope, this.update) = (scope, update);
        stages = new RuleBuilder(scope.Variables);
    }

    /// <returns>
    /// The rule, without a body if that has an error; <see langword="null"/> if the method marked [UpdateRule] cannot be a rule.
    /// </returns>
    public static RuleSpec? Parse(
        INamedTypeSymbol type, IMethodSymbol update, OptimizerOptions options, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        ElementType element = update.ReturnType.SpecialType == SpecialType.System_Double ? ElementType.Double : ElementType.Float;
        var scope = new RuleScope(type, compilation, element, options.Contract, sink, cancellation);
        return scope.IsElementMethod(update, KnownAttributes.UpdateRule) ? new MethodRuleParser(scope, update).Parse(options) : null;
    }

    private RuleSpec? Parse(OptimizerOptions options)
    {
        RefuseOtherRules();
        var fields = new FieldScalars(scope.Variables, scope.Compilation, scope.Type);
        List<HyperparameterSpec> hyperparameters = HyperparameterParser.Parse(scope);
        ParseStages();
        var reductions = new ReductionParser(scope, fields);
        var scalarMethods = new ScalarMethodParser(scope);
        scalarMethods.ParseEarly(reductions.Results);
        reductions.Announce();
        scalarMethods.ParseLate(reductions.Results);

        var translator = new MethodTranslator(
            scope.Compilation, scope.Sink, scope.Element, scope.Contract, scope.Variables, fields, scope.Cancellation);
        // States first: [Previous] may view one that comes later in the list.
        foreach (IParameterSymbol parameter in update.Parameters.OrderBy(parameter => !KnownAttributes.Has(parameter, KnownAttributes.State)))
        {
            Bind(parameter, translator);
        }

        EquatableArray<ReductionSpec> reduced = reductions.Parse();
        (EquatableArray<Assignment> body, Expression? result) = translator.Translate(update);
        if (result is null)
        {
            // What the rule has beside its body is still known, and the surface of the class is made of it.
            scope.Sink.FailSilently();
        }

        return new RuleSpec
        {
            ElementType = scope.Element,
            Equations = stages.Equations.Concat(RowStateParser.Equations(states)).Concat(TextOf(update)).ToEquatableArray(),
            Hyperparameters = hyperparameters.Concat(stages.Hyperparameters).ToEquatableArray(),
            States = states.Concat(stages.States).ToEquatableArray(),
            Scalars = stages.Scalars.ToEquatableArray(),
            Stages = [.. previous, .. stages.Assignments],
            Body = result is null ? [] : [.. body, new Assignment(Variables.Parameter, Names.Parameter, result, scope.Contract)],
            IsMethod = true,
            Contract = scope.Contract,
            Unroll = options.Unroll,
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
            scope.Sink.Report(Descriptors.SecondUpdateRule, Locations.Of(second), second.Name, scope.Type.Name);
        }

        foreach (AttributeData attribute in scope.Type.GetAttributes())
        {
            if (KnownAttributes.ShortName(attribute) is { } name && KnownAttributes.Stages.Contains(name))
            {
                scope.Sink.ReportFixable(Descriptors.StageBesideMethod, Locations.Of(attribute, scope.Cancellation), FixData.Of((FixData.Stages, name)), name, update.Name);
            }
        }
    }

    /// <summary>The stages on the gradient, then those on other parameters: the order of a rule that is all stages.</summary>
    private void ParseStages()
    {
        RefuseStagesElsewhere();
        IParameterSymbol[] withStages = update.Parameters.Where(parameter => StagesOn(parameter).Any() && TakesStages(parameter)).ToArray();
        foreach (IParameterSymbol parameter in withStages.Where(parameter => parameter.Name == Names.Gradient))
        {
            RefuseStages(parameter, KnownAttributes.ValueStages, "only [ClipByValue] and [WeightDecay] apply to the gradient");
            GradientStages.Apply(stages, StageParser.Parse(parameter, scope.Sink, scope.Cancellation));
        }

        IParameterSymbol[] values = withStages.Where(parameter => parameter.Name != Names.Gradient).ToArray();
        foreach (IParameterSymbol parameter in values)
        {
            RefuseStages(parameter, KnownAttributes.GradientStages, "put it on the gradient");
            var own = new RuleBuilder(scope.Variables, values.Length > 1 ? parameter.Name : "");
            StageSet set = StageParser.Parse(parameter, scope.Sink, scope.Cancellation);
            FirstMomentStages.Apply(own, set);
            SecondMomentStages.Apply(own, set);
            stages.Include(own);
            Expression value = own.Denominator is { } denominator ? own.Direction / denominator : own.Direction;
            if (own.DirectionDivisor is not null)
            {
                value *= stages.Scalar(parameter.Name + "Scale", 1 / own.DirectionDivisor, "the correction of the first moment");
            }

            scope.StageValues[parameter.Name] = ((Variable)stages.Let(parameter.Name, value, $"{parameter.Name} = {own.DirectionSymbol}")).Id;
        }

        foreach (HyperparameterSpec hyperparameter in stages.Hyperparameters)
        {
            scope.EarlyScalars[Identifier.Uncapitalize(hyperparameter.Name)] = hyperparameter.Variable;
        }

        foreach (StateSpec state in stages.States)
        {
            scope.States[state.Name] = state.Variable;
        }
    }

    /// <summary>Stages compute a value of their own: a parameter that is bound to something else cannot have them.</summary>
    private bool TakesStages(IParameterSymbol parameter)
    {
        string? bound = parameter.Name == Names.Parameter ? "it is the parameter itself"
            : KnownAttributes.Has(parameter, KnownAttributes.State) ? "it is a state of the rule's own"
            : KnownAttributes.Has(parameter, KnownAttributes.Previous) ? "it views a state"
            : scope.EarlyScalars.ContainsKey(parameter.Name) ? "it is a scalar"
            : null;
        if (bound is not null)
        {
            RefuseStages(parameter, KnownAttributes.Stages, $"{bound}; add a parameter for what the stage computes");
        }

        return bound is null;
    }

    private void RefuseStagesElsewhere()
    {
        foreach (IParameterSymbol parameter in scope.Type.GetMembers().OfType<IMethodSymbol>()
            .Where(method => !SymbolEqualityComparer.Default.Equals(method, update))
            .SelectMany(method => method.Parameters))
        {
            RefuseStages(parameter, KnownAttributes.Stages, $"only the parameters of '{update.Name}', the [UpdateRule] method, have stages");
        }
    }

    private static IEnumerable<string> StagesOn(IParameterSymbol parameter) =>
        parameter.GetAttributes().Select(KnownAttributes.ShortName).OfType<string>().Where(KnownAttributes.Stages.Contains);

    private void RefuseStages(IParameterSymbol parameter, string[] refused, string advice)
    {
        foreach (AttributeData attribute in parameter.GetAttributes())
        {
            if (KnownAttributes.ShortName(attribute) is { } stage && refused.Contains(stage))
            {
                Location? location = Locations.Of(attribute, scope.Cancellation);
                scope.Sink.ReportFixable(
                    Descriptors.StageOnParameter, location ?? Locations.Of(parameter), FixData.Of((FixData.Stages, stage)), stage, parameter.Name, advice);
            }
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
                scope.States[spec.Name] = spec.Variable;
                translator.Bind(parameter, new Variable(spec.Variable), assignable: spec.Variable);
                if (spec.PerRow)
                {
                    translator.AssignOnce(parameter);
                }
            }
        }
        else if (parameter.RefKind is not (RefKind.None or RefKind.In))
        {
            scope.Unbound(
                parameter, "is passed by reference; mark it [State] if it is kept from step to step, or take it by value",
                (FixData.State, parameter.Type.SpecialType == scope.ElementSpecialType ? "ref" : null));
        }
        else if (scope.Flags.TryGetValue(name, out int flag))
        {
            if (parameter.Type.SpecialType == SpecialType.System_Boolean)
            {
                translator.Bind(parameter, new Variable(flag, Boolean: true));
            }
            else
            {
                scope.Unbound(parameter, "is handed out as a bool; take it as one");
            }
        }
        else if (parameter.Type.SpecialType != scope.ElementSpecialType)
        {
            scope.Unbound(parameter, $"must be a {scope.ElementKeyword}, or a bool that a [PerStep] method hands out");
        }
        else if (KnownAttributes.Find(parameter, KnownAttributes.Previous) is { } view)
        {
            BindPrevious(parameter, view, translator);
        }
        else if (name == Names.Parameter)
        {
            translator.Bind(parameter, new Variable(Variables.Parameter));
        }
        else if (name == Names.Gradient)
        {
            translator.Bind(parameter, new Variable(Variables.Gradient));
        }
        else if (scope.StageValues.TryGetValue(name, out int computed))
        {
            translator.Bind(parameter, new Variable(computed));
        }
        else if (scope.Scalar(name) is { } scalar)
        {
            translator.Bind(parameter, new Variable(scalar));
        }
        else if (PropertyLike(name) is { } property)
        {
            RefuseLikeness(parameter, property);
        }
        else
        {
            scope.Unbound(
                parameter,
                "is bound to nothing; name it 'parameter', 'gradient' or 'step', or as a [Hyperparameter] property in camelCase, a [Reduce] method in camelCase "
                + "or an out parameter of a [PerStep] method, or mark it [State] ref or with stages such as [Ewa]",
                scope.Nearest(parameter, [Names.Parameter, Names.Gradient, .. scope.EarlyScalars.Keys, .. scope.ReducedScalars.Keys, .. scope.TensorScalars.Keys]),
                scope.PossibleHyperparameter(parameter), (FixData.Element, scope.ElementKeyword), (FixData.State, "ref"));
        }
    }

    private IPropertySymbol? PropertyLike(string name) => scope.Type.GetMembers().OfType<IPropertySymbol>()
        .FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A parameter that was meant to be a hyperparameter: its spelling is not the one expected, or the property is not marked.</summary>
    private void RefuseLikeness(IParameterSymbol parameter, IPropertySymbol property)
    {
        string expected = Identifier.Uncapitalize(property.Name);
        if (!KnownAttributes.Has(property, KnownAttributes.Hyperparameter))
        {
            scope.Unbound(parameter, $"is bound to nothing; mark the property '{property.Name}' [Hyperparameter]", (FixData.UnmarkedProperty, property.Name));
        }
        else if (parameter.Name != expected)
        {
            scope.Unbound(parameter, $"is bound to nothing; the hyperparameter '{property.Name}' is '{expected}' to the rule", scope.Nearest(parameter, [expected]));
        }
        else
        {
            // The property itself has been refused.
            scope.Sink.FailSilently();
        }
    }

    private void BindPrevious(IParameterSymbol parameter, AttributeData view, MethodTranslator translator)
    {
        string? of = view.ConstructorArguments is [{ Value: string given }] ? given : null;
        if (of is null || !scope.States.TryGetValue(of, out int state))
        {
            scope.Unbound(parameter, $"views the state '{of}', which the rule does not have");
            return;
        }

        var before = new Variable(scope.Variables.New());
        previous.Add(new Assignment(before.Id, parameter.Name, new Variable(state), Contract: false));
        translator.Bind(parameter, before);
    }

    /// <summary>The body as the user wrote it, without comments, a line each.</summary>
    private static IEnumerable<string> TextOf(IMethodSymbol method)
    {
        SyntaxNode? body = (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            MethodDeclarationSyntax { Body: { } block } => block,
            MethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => SyntaxFactory.ReturnStatement(expression),
            _ => null,
        };
        if (body is null)
        {
            return [];
        }

        SyntaxNode bare = new TriviaRemover().Visit(body);
        string[] lines = bare.NormalizeWhitespace(eol: "\n").ToFullString().Split('\n');
        return body is BlockSyntax
            ? lines.Skip(1).Take(lines.Length - 2).Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line.Substring(4) : line)
            : lines;
    }

    /// <summary>In one pass: SyntaxNode.ReplaceTrivia takes seconds for a thousand statements.</summary>
    private sealed class TriviaRemover : CSharpSyntaxRewriter
    {
        public override SyntaxTrivia VisitTrivia(SyntaxTrivia trivia) => default;
    }
}
