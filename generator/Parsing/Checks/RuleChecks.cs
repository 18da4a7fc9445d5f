using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Checks;

/// <summary>What compiles and is probably not meant: looked for only in a declaration without an error, and only where someone reads the findings.</summary>
internal sealed class RuleChecks
{
    private readonly INamedTypeSymbol type;
    private readonly RuleSpec rule;
    private readonly DiagnosticSink sink;
    private readonly CancellationToken cancellation;

    private RuleChecks(INamedTypeSymbol type, RuleSpec rule, DiagnosticSink sink, CancellationToken cancellation) =>
        (this.type, this.rule, this.sink, this.cancellation) = (type, rule, sink, cancellation);

    /// <param name="type">The optimizer.</param>
    /// <param name="update">The method that is its rule; <see langword="null"/> for a stack of attributes.</param>
    /// <param name="rule">What was parsed.</param>
    /// <param name="compilation">Gives the types of what the user wrote.</param>
    /// <param name="sink">Where findings go.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Report(
        INamedTypeSymbol type, IMethodSymbol? update, RuleSpec rule, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        var checks = new RuleChecks(type, rule, sink, cancellation);
        if (update is not null)
        {
            checks.ReportInfluence(update);
        }

        checks.ReportHyperparameters();
        NumberChecks.Report(type, rule.ElementType, compilation, sink, cancellation);
    }

    private void ReportInfluence(IMethodSymbol update)
    {
        Influence influence = Influence.Of(rule);
        if (influence.LeavesParameter)
        {
            // Then nothing else has an effect either, and one finding is enough.
            sink.Report(Descriptors.ParameterUnchanged, Locations.Of(update), update.Name);
            return;
        }

        if (!influence.Reaches(Variables.Gradient))
        {
            sink.Report(Descriptors.GradientIgnored, Locations.Of(update), update.Name);
        }

        foreach (IParameterSymbol parameter in update.Parameters)
        {
            ReportState(parameter, influence);
        }

        foreach (ScalarStateSpec state in rule.ScalarStates.Where(state => !influence.Reaches(state)))
        {
            sink.Report(Descriptors.StateWithoutEffect, ScalarState(state), $"The state '{state.Name}'", "use what the method computes, or remove it");
        }

        foreach (HyperparameterSpec unused in rule.Hyperparameters.Where(one => one.Declared && !influence.Reaches(one.Variable)))
        {
            sink.Report(Descriptors.HyperparameterWithoutEffect, Property(unused), unused.Name, Identifier.Uncapitalize(unused.Name));
        }
    }

    private void ReportState(IParameterSymbol parameter, Influence influence)
    {
        if (!KnownAttributes.Has(parameter, KnownAttributes.State))
        {
            if (!influence.ReachesFromStages(parameter.Name))
            {
                sink.Report(
                    Descriptors.StateWithoutEffect, Locations.Of(parameter), $"What the stages of '{parameter.Name}' compute",
                    "use it, or remove the parameter");
            }
        }
        else if (rule.States.FirstOrDefault(state => state.Name == parameter.Name) is not { } state)
        {
            return;
        }
        else if (!influence.Reaches(state.Variable))
        {
            sink.Report(
                Descriptors.StateWithoutEffect, Locations.Of(parameter), $"The state '{state.Name}' of an earlier step",
                "read it before it is assigned, use a local in its place, or remove it");
        }
        else if (!state.CopiesParameter && !rule.Body.Any(assignment => assignment.Variable == state.Variable))
        {
            sink.Report(Descriptors.StateNeverWritten, Locations.Of(parameter), state.Name, ShortestDecimal.Of(state.InitialValue));
        }
    }

    private void ReportHyperparameters()
    {
        var guards = new DenominatorGuards(rule, variable => rule.Hyperparameters.Any(one => one.Variable == variable && Stored(one) == 0));
        foreach (HyperparameterSpec epsilon in rule.Hyperparameters.Where(one => guards.All.Contains(one.Variable)))
        {
            if (!epsilon.Declared || Initializer(epsilon) is not null)
            {
                (Location? location, string name) = epsilon.Declared ? (Property(epsilon), $"'{epsilon.Name}'") : Argument(epsilon);
                sink.Report(Descriptors.EpsilonIsZero, location, name, Text(epsilon, 0));
            }
        }

        foreach (HyperparameterSpec weight in rule.Hyperparameters.Where(one => one.Declared && Stored(one) == 1))
        {
            if (PastWeights.StateThatStays(rule, weight.Variable) is { } state)
            {
                sink.Report(Descriptors.WeightIsOne, Property(weight), weight.Name, Text(weight, 1), state);
            }
        }
    }

    /// <summary>The default as kernels have it.</summary>
    private double Stored(HyperparameterSpec hyperparameter) => rule.ElementType == ElementType.Float ? (float)hyperparameter.Default : hyperparameter.Default;

    private static string Text(HyperparameterSpec hyperparameter, double stored) => hyperparameter.Default.Equals(stored)
        ? stored.ToString("R", CultureInfo.InvariantCulture)
        : $"{ShortestDecimal.Of(hyperparameter.Default)}, {stored.ToString("R", CultureInfo.InvariantCulture)} as a float";

    private Location? Property(HyperparameterSpec hyperparameter) =>
        type.GetMembers(hyperparameter.Name).Select(Locations.Of).FirstOrDefault(location => location is not null);

    private ExpressionSyntax? Initializer(HyperparameterSpec hyperparameter) => type.GetMembers(hyperparameter.Name)
        .SelectMany(member => member.DeclaringSyntaxReferences)
        .Select(reference => (reference.GetSyntax(cancellation) as PropertyDeclarationSyntax)?.Initializer?.Value)
        .FirstOrDefault(value => value is not null);

    /// <summary>The argument Epsilon of a stage, on the class or on a parameter, that made a hyperparameter.</summary>
    private (Location? Location, string Name) Argument(HyperparameterSpec epsilon)
    {
        IEnumerable<AttributeData> attributes = type.GetAttributes()
            .Concat(type.GetMembers().OfType<IMethodSymbol>().SelectMany(method => method.Parameters).SelectMany(parameter => parameter.GetAttributes()));
        foreach (AttributeData attribute in attributes)
        {
            if (KnownAttributes.ShortName(attribute) is { } stage && KnownAttributes.ValueOf(attribute, "Epsilon") is { } value
                && AttributeReader.NumberOf(value) is { } number && ShortestDecimal.Meant(number).Equals(epsilon.Default))
            {
                return (new AttributeReader(attribute, sink, cancellation).LocationOf("Epsilon"), $"Epsilon of [{stage}]");
            }
        }

        return (Locations.Of(type), $"'{epsilon.Name}'");
    }

    private Location? ScalarState(ScalarStateSpec state) => type.GetMembers().OfType<IMethodSymbol>()
        .Where(method => KnownAttributes.Has(method, state.PerTensor ? KnownAttributes.PerTensor : KnownAttributes.PerStep))
        .SelectMany(method => method.Parameters)
        .Where(parameter => parameter.Name == state.Name && KnownAttributes.Has(parameter, KnownAttributes.State))
        .Select(Locations.Of)
        .FirstOrDefault();
}
