using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Emit;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

/// <summary>What is generated for a declaration with errors: the surface of the class, as far as it is known, without a rule behind it.</summary>
internal static class SkeletonParser
{
    /// <param name="spec">The class.</param>
    /// <param name="type">The same, to see which members it has already.</param>
    /// <param name="element">The element type.</param>
    /// <param name="rule">What is known of the rule; <see langword="null"/> if its method cannot be one.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The surface; <see langword="null"/> if it would be one more error: a second base class, or one that the user's constructors do not call.</returns>
    public static OptimizerSpec? Parse(TypeSpec spec, INamedTypeSymbol type, ElementType element, RuleSpec? rule, CancellationToken cancellation)
    {
        if (type.BaseType is { TypeKind: TypeKind.Error } || OptimizerParser.IsOfOtherPrecision(type.BaseType, element)
            || type.InstanceConstructors.Any(one => CallsNoOther(one, cancellation)))
        {
            return null;
        }

        var surface = new RuleSpec
        {
            ElementType = element,
            Equations = [],
            Hyperparameters = (rule is null ? Declared(type, element) : Distinct(rule.Hyperparameters, one => one.Name)).ToEquatableArray(),
            States = rule is null ? [] : Distinct(rule.States, one => one.Name).ToEquatableArray(),
            ScalarStates = rule is null ? [] : Distinct(rule.ScalarStates, one => one.Name).ToEquatableArray(),
            Scalars = [],
            Stages = [],
        };
        IEnumerable<string> omitted = GeneratedMembers.Of(surface).Where(name => name == type.Name || type.GetMembers(name).Any(member => !member.IsImplicitlyDeclared && !KnownAttributes.IsGenerated(member)));
        if (type.InstanceConstructors.Any(one => OptimizerParser.IsGeneratedConstructor(one, element)))
        {
            omitted = omitted.Append(SurfaceEmitter.Constructor);
        }

        omitted = omitted.Concat(GeneratedMembers.OfGroups(surface));

        return new OptimizerSpec { Type = spec, Rule = surface, HasErrors = true, OmittedMembers = omitted.Distinct().ToEquatableArray() };
    }

    /// <summary>The properties that are hyperparameters beyond doubt.</summary>
    private static IEnumerable<HyperparameterSpec> Declared(INamedTypeSymbol type, ElementType element) => type.GetMembers().OfType<IPropertySymbol>()
        .Where(property => KnownAttributes.Has(property, KnownAttributes.Hyperparameter)
            && property is { IsIndexer: false, IsStatic: false, ExplicitInterfaceImplementations.Length: 0 }
            && property.Type.SpecialType == element.SpecialType())
        .Select(property => new HyperparameterSpec
        {
            Variable = 0, Name = property.Name, Default = 0, Range = NumberRange.Finite, Summary = $"The hyperparameter {property.Name}", Declared = true,
        });

    private static bool CallsNoOther(IMethodSymbol constructor, CancellationToken cancellation) =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ConstructorDeclarationSyntax { Initializer: null };

    private static IEnumerable<T> Distinct<T>(IEnumerable<T> items, Func<T, string> nameOf) => items.GroupBy(nameOf).Select(same => same.First());
}
