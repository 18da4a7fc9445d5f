using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The properties marked [Hyperparameter].</summary>
internal static class HyperparameterParser
{
    public static List<HyperparameterSpec> Parse(RuleScope scope)
    {
        void Refuse(IPropertySymbol property, string why) =>
            scope.Sink.Report(Descriptors.HyperparameterProperty, Locations.Of(property), property.Name, why);

        var hyperparameters = new List<HyperparameterSpec>();
        foreach (IPropertySymbol property in scope.Type.GetMembers().OfType<IPropertySymbol>())
        {
            if (KnownAttributes.Find(property, KnownAttributes.Hyperparameter) is not { } attribute)
            {
                continue;
            }

            if (property.IsIndexer || property.ExplicitInterfaceImplementations.Length > 0)
            {
                Refuse(property, $"{(property.IsIndexer ? "is an indexer" : "implements an interface explicitly, so it has no name of its own")}; mark an ordinary property [Hyperparameter]");
                continue;
            }

            if (property.IsStatic || property.Type.SpecialType != scope.ElementSpecialType
                || property.GetMethod is null || property.SetMethod is not { IsInitOnly: false })
            {
                Refuse(property, $"must be an instance property of type {scope.ElementKeyword} with a getter and a setter to be a hyperparameter");
                continue;
            }

            string name = Identifier.Uncapitalize(property.Name);
            string? conflict =
                RuleScope.IsObsoleteAsError(property) && !scope.IsObsoleteType ? "is [Obsolete] as an error, and the generated code reads it; let it be a warning" :
                name is Names.Step or Names.ElementCount ? $"would be '{name}' to the rule, which is a scalar of the step; rename it"
                : name is Names.Parameter or Names.Gradient ? $"would be '{name}' to the rule, which is the element's; rename it"
                : scope.EarlyScalars.ContainsKey(name) ? $"is '{name}' to the rule, as another hyperparameter is; rename one of them"
                : null;
            if (conflict is not null)
            {
                Refuse(property, conflict);
                continue;
            }

            var hyperparameter = new HyperparameterSpec
            {
                Variable = scope.Variables.New(),
                Name = property.Name,
                Default = InitialValue(property, scope),
                Range = new NumberRange(
                    Bound(attribute, "Min", double.NegativeInfinity), Bound(attribute, "Max", double.PositiveInfinity),
                    IsSet(attribute, "MinIsExclusive"), IsSet(attribute, "MaxIsExclusive")),
                Summary = $"The hyperparameter {property.Name}",
                Declared = true,
            };
            RequireInRange(property, hyperparameter, scope);
            scope.EarlyScalars.Add(name, hyperparameter.Variable);
            hyperparameters.Add(hyperparameter);
        }

        return hyperparameters;
    }

    /// <summary>The first step would refuse what is written there. Without an initializer the value is meant to be set; the run time sees to that.</summary>
    private static void RequireInRange(IPropertySymbol property, HyperparameterSpec hyperparameter, RuleScope scope)
    {
        if (InitializerOf(property, scope) is not null && !double.IsNaN(hyperparameter.Default) && !hyperparameter.Range.Allows(hyperparameter.Default))
        {
            scope.Sink.ReportFixable(
                Descriptors.ValueOutOfRange, Locations.Of(property),
                FixData.Of((FixData.Value, hyperparameter.Range.Inside(hyperparameter.Default) is { } inside ? ShortestDecimal.Of(inside) : null)),
                property.Name, hyperparameter.Default.ToString("R", CultureInfo.InvariantCulture), hyperparameter.Range.ToString());
        }
    }

    private static double Bound(AttributeData attribute, string name, double fallback) =>
        KnownAttributes.ValueOf(attribute, name) is { } value && AttributeReader.NumberOf(value) is { } bound ? ShortestDecimal.Meant(bound) : fallback;

    private static bool IsSet(AttributeData attribute, string name) => KnownAttributes.ValueOf(attribute, name) is true;

    private static ExpressionSyntax? InitializerOf(IPropertySymbol property, RuleScope scope) =>
        (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(scope.Cancellation) as PropertyDeclarationSyntax)?.Initializer?.Value;

    /// <summary>What the property's initializer gives, if it is a constant; NaN if only the run time knows.</summary>
    private static double InitialValue(IPropertySymbol property, RuleScope scope)
    {
        if (InitializerOf(property, scope) is not { } value)
        {
            return 0;
        }

#pragma warning disable RS1030 // The property may stand in another file than the class, whose model no callback hands over.
        Optional<object?> constant = scope.Compilation.GetSemanticModel(value.SyntaxTree).GetConstantValue(value, scope.Cancellation);
#pragma warning restore RS1030
        return constant is { HasValue: true, Value: { } number } && AttributeReader.NumberOf(number) is { } initial ? ShortestDecimal.Meant(initial) : double.NaN;
    }
}
