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

            if (property.IsStatic || property.Type.SpecialType != scope.ElementSpecialType
                || property.GetMethod is null || property.SetMethod is not { IsInitOnly: false })
            {
                Refuse(property, $"must be an instance property of type {scope.ElementKeyword} with a getter and a setter to be a hyperparameter");
                continue;
            }

            string name = Identifier.Uncapitalize(property.Name);
            string? conflict =
                name is Names.Step or Names.ElementCount ? $"would be '{name}' to the rule, which is a scalar of the step; rename it"
                : name is Names.Parameter or Names.Gradient ? $"would be '{name}' to the rule, which is the element's; rename it"
                : scope.EarlyScalars.Contains(name) ? $"is '{name}' to the rule, as another hyperparameter is; rename one of them"
                : SyntaxFacts.GetKeywordKind(property.Name) != SyntaxKind.None ? "has the name of a keyword; rename it"
                : null;
            if (conflict is not null)
            {
                Refuse(property, conflict);
                continue;
            }

            var hyperparameter = new HyperparameterSpec
            {
                Name = property.Name,
                Default = InitialValue(property, scope),
                Minimum = Bound(attribute, "Min", double.NegativeInfinity),
                Maximum = Bound(attribute, "Max", double.PositiveInfinity),
                AboveMinimum = IsSet(attribute, "MinIsExclusive"),
                BelowMaximum = IsSet(attribute, "MaxIsExclusive"),
                Summary = $"The hyperparameter {property.Name}",
                Declared = true,
            };
            RequireInRange(property, hyperparameter, scope);
            scope.EarlyScalars.Add(hyperparameter.ScalarName);
            hyperparameters.Add(hyperparameter);
        }

        return hyperparameters;
    }

    /// <summary>The first step would refuse what is written there. Without an initializer the value is meant to be set; the run time sees to that.</summary>
    private static void RequireInRange(IPropertySymbol property, HyperparameterSpec hyperparameter, RuleScope scope)
    {
        var range = new NumberRange(hyperparameter.Minimum, hyperparameter.Maximum, hyperparameter.AboveMinimum, hyperparameter.BelowMaximum);
        if (InitializerOf(property, scope) is not null && !double.IsNaN(hyperparameter.Default) && !range.Allows(hyperparameter.Default))
        {
            scope.Sink.Report(
                Descriptors.ValueOutOfRange, Locations.Of(property),
                property.Name, hyperparameter.Default.ToString("R", CultureInfo.InvariantCulture), range.ToString());
        }
    }

    private static double Bound(AttributeData attribute, string name, double fallback) =>
        KnownAttributes.ValueOf(attribute, name) is IConvertible value ? ShortestDecimal.Meant(value.ToDouble(CultureInfo.InvariantCulture)) : fallback;

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
        return constant is { HasValue: true, Value: IConvertible number } ? ShortestDecimal.Meant(number.ToDouble(CultureInfo.InvariantCulture)) : double.NaN;
    }
}
