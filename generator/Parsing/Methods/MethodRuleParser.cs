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
        bool contract = KnownAttributes.ValueOf(KnownAttributes.Find(type, KnownAttributes.Optimizer)!, "Contract") is true;
        var scope = new RuleScope(type, compilation, element, contract, sink, cancellation);
        return scope.IsElementMethod(update, KnownAttributes.UpdateRule) ? new MethodRuleParser(scope, update).Parse() : null;
    }

    private RuleSpec? Parse()
    {
        RefuseOtherRules();
        ReserveNames();
        var fields = new FieldScalars(scope.KernelNames, scope.Compilation, scope.Type);
        List<HyperparameterSpec> hyperparameters = HyperparameterParser.Parse(scope);
        ParseStages();
        var reductions = new ReductionParser(scope, fields);
        var scalarMethods = new ScalarMethodParser(scope);
        scalarMethods.ParseEarly(reductions.Results);
        reductions.Announce();
        scalarMethods.ParseLate(reductions.Results);

        var translator = new MethodTranslator(
            scope.Compilation, scope.Sink, scope.Element, scope.Contract, scope.KernelNames, fields, scope.Cancellation);
        foreach (IParameterSymbol parameter in update.Parameters)
        {
            Bind(parameter, translator);
        }

        foreach (StateSpec state in states)
        {
            scope.States[state.Name] = state.Stream;
        }

        EquatableArray<ReductionSpec> reduced = reductions.Parse();
        (EquatableArray<Assignment> body, Expression? result) = translator.Translate(update);
        if (result is null)
        {
            scope.Sink.FailSilently();
            return null;
        }

        RuleSpec ofStages = stages.Build(scope.Element);
        return DistinctNames.Apply(ofStages with
        {
            Equations = ofStages.Equations.Concat(TextOf(update)).ToEquatableArray(),
            Hyperparameters = hyperparameters.Concat(ofStages.Hyperparameters).ToEquatableArray(),
            States = states.Concat(ofStages.States).ToEquatableArray(),
            Body = [.. previous, .. ofStages.Body, .. body, new Assignment(Names.Parameter, result, scope.Contract)],
            Method = new UpdateMethodSpec(update.Name, arguments.ToEquatableArray(), [.. previous, .. ofStages.Body], scope.Contract),
            ScalarMethods = scalarMethods.Methods,
            ScalarStates = scalarMethods.States,
            Reductions = reduced,
            Fields = fields.All,
        });
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
                scope.Sink.Report(Descriptors.StageBesideMethod, Locations.Of(attribute, scope.Cancellation), name, update.Name);
            }
        }
    }

    private void ReserveNames()
    {
        foreach (string name in update.Parameters.Select(parameter => parameter.Name).Concat([Names.Parameter, Names.Gradient, ReductionSpec.Value]))
        {
            scope.KernelNames.Reserve(name);
            scope.KernelNames.Reserve(name + "Stream");
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

        string[] taken = NamesOfOthers();
        IParameterSymbol[] values = withStages.Where(parameter => parameter.Name != Names.Gradient).ToArray();
        foreach (IParameterSymbol parameter in values)
        {
            RefuseStages(parameter, KnownAttributes.GradientStages, "put it on the gradient");
            string prefix = values.Length > 1 ? parameter.Name : "";
            StageSet set = StageParser.Parse(parameter, scope.Sink, scope.Cancellation);
            // A parameter that is just what its stages compute may have the name that they give it.
            RuleBuilder own = BuildStages(prefix, set, [.. taken.Where(name => name != parameter.Name)]);
            bool isOwnValue = own.DirectionDivisor is null && own.Direction.Equals(new Local(parameter.Name));
            own = isOwnValue ? own : BuildStages(prefix, set, taken);
            stages.Include(own);
            Expression value = own.Direction;
            if (own.DirectionDivisor is not null)
            {
                string scale = taken.Contains(parameter.Name + "Scale") ? parameter.Name + "ScaleOfStage" : parameter.Name + "Scale";
                value *= stages.StepScalar(scale, 1 / own.DirectionDivisor, "the correction of the first moment");
            }

            if (!value.Equals(new Local(parameter.Name)))
            {
                stages.Assign(parameter.Name, value, $"{parameter.Name} = {own.DirectionSymbol}");
            }
        }

        RuleSpec built = stages.Build(scope.Element);
        scope.EarlyScalars.UnionWith(built.Hyperparameters.Select(one => one.ScalarName));
        foreach (StateSpec state in built.States)
        {
            scope.States[state.Name] = state.Stream;
        }

        foreach (string name in built.States.Select(state => state.Stream).Concat(built.Body.Select(assignment => assignment.Name)))
        {
            scope.KernelNames.Reserve(name);
        }
    }

    private static RuleBuilder BuildStages(string prefix, StageSet set, string[] taken)
    {
        var own = new RuleBuilder(prefix, taken);
        FirstMomentStages.Apply(own, set);
        SecondMomentStages.Apply(own, set);
        return own;
    }

    /// <summary>What the author of the rule has named: the parameters of every method, hyperparameters, reductions.</summary>
    private string[] NamesOfOthers()
    {
        IEnumerable<IMethodSymbol> methods = new[] { KnownAttributes.PerStep, KnownAttributes.PerTensor, KnownAttributes.Reduce }
            .SelectMany(scope.MethodsWith)
            .Append(update);
        return
        [
            .. methods.SelectMany(method => method.Parameters).Select(parameter => parameter.Name),
            .. scope.MethodsWith(KnownAttributes.Reduce).Select(method => Identifier.Uncapitalize(method.Name)),
            .. scope.EarlyScalars,
        ];
    }

    /// <summary>Stages compute a value of their own: a parameter that is bound to something else cannot have them.</summary>
    private bool TakesStages(IParameterSymbol parameter)
    {
        string? bound = parameter.Name == Names.Parameter ? "it is the parameter itself"
            : KnownAttributes.Has(parameter, KnownAttributes.State) ? "it is a state of the rule's own"
            : KnownAttributes.Has(parameter, KnownAttributes.Previous) ? "it views a state"
            : scope.EarlyScalars.Contains(parameter.Name) ? "it is a scalar"
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
                scope.Sink.Report(Descriptors.StageOnParameter, location ?? Locations.Of(parameter), stage, parameter.Name, advice);
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
                Bind(parameter, translator, ArgumentKind.State, new Local(name), assignable: name);
            }

            return;
        }

        if (parameter.RefKind is not (RefKind.None or RefKind.In))
        {
            scope.Unbound(parameter, "is passed by reference; mark it [State] if it is kept from step to step, or take it by value");
            return;
        }

        if (scope.Flags.Contains(name) && parameter.Type.SpecialType == SpecialType.System_Boolean)
        {
            Bind(parameter, translator, ArgumentKind.Flag, new Flag(name), assignable: null);
            return;
        }

        if (scope.Flags.Contains(name))
        {
            scope.Unbound(parameter, "is handed out as a bool; take it as one");
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
        else if (name is Names.Parameter or Names.Gradient || (StagesOn(parameter).Any() && !scope.EarlyScalars.Contains(name)))
        {
            // A parameter may have the name of its stage's state, which the method must not change through it.
            bool isState = stages.Build(scope.Element).States.Any(state => state.Stream == name);
            Bind(parameter, translator, ArgumentKind.Element, new Local(name), assignable: isState ? null : name);
        }
        else if (scope.HasScalar(name))
        {
            Bind(parameter, translator, ArgumentKind.Scalar, new Scalar(name), assignable: null);
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
                + "or an out parameter of a [PerStep] method, or mark it [State] ref or with stages such as [Ewa]");
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
            scope.Unbound(parameter, $"is bound to nothing; mark the property '{property.Name}' [Hyperparameter]");
        }
        else if (parameter.Name != expected)
        {
            scope.Unbound(parameter, $"is bound to nothing; the hyperparameter '{property.Name}' is '{expected}' to the rule");
        }
        else
        {
            // The property itself has been refused.
            scope.Sink.FailSilently();
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
        string? stream = of is null ? null
            : scope.States.TryGetValue(of, out string? kept) ? kept
            : update.Parameters.Any(other => other.Name == of && KnownAttributes.Has(other, KnownAttributes.State)) ? of
            : null;
        if (stream is null)
        {
            scope.Unbound(parameter, $"views the state '{of}', which the rule does not have");
            return;
        }

        previous.Add(new Assignment(parameter.Name, new Local(stream), Contract: false, $"{of} as it was before the step"));
        Bind(parameter, translator, ArgumentKind.Element, new Local(parameter.Name), assignable: parameter.Name);
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

        SyntaxNode bare = body.ReplaceTrivia(body.DescendantTrivia(descendIntoTrivia: true), (_, _) => default);
        string[] lines = bare.NormalizeWhitespace(eol: "\n").ToFullString().Split('\n');
        return body is BlockSyntax
            ? lines.Skip(1).Take(lines.Length - 2).Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line.Substring(4) : line)
            : lines;
    }
}
