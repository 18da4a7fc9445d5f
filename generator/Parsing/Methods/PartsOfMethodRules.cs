using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>What only a rule that is a method can have; without the method it would be dropped, and the rule be another one.</summary>
internal static class PartsOfMethodRules
{
    private static readonly string[] OfMethods = [KnownAttributes.PerStep, KnownAttributes.PerTensor, KnownAttributes.Reduce];

    public static void RefuseWithoutRule(INamedTypeSymbol type, DiagnosticSink sink)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IPropertySymbol property && KnownAttributes.Has(property, KnownAttributes.Hyperparameter))
            {
                sink.Report(
                    Descriptors.HyperparameterProperty, Locations.Of(property), property.Name,
                    "is a hyperparameter, but no method is marked [UpdateRule]; a rule that is a stack of attributes has its own");
            }

            if (member is IMethodSymbol method && OfMethods.FirstOrDefault(attribute => KnownAttributes.Has(method, attribute)) is { } mark)
            {
                sink.Report(
                    Descriptors.MethodSignature, Locations.Of(method), method.Name,
                    $"is marked [{mark}], but no method is marked [UpdateRule]; mark the method that is the rule");
            }
        }
    }
}
