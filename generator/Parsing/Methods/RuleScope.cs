using Microsoft.CodeAnalysis;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>What the methods of one optimizer share: its element type, and the values that they can take by name.</summary>
internal sealed class RuleScope(
    INamedTypeSymbol type, Compilation compilation, ElementType element, bool contract, DiagnosticSink sink, CancellationToken cancellation)
{
    public INamedTypeSymbol Type { get; } = type;

    public Compilation Compilation { get; } = compilation;

    public ElementType Element { get; } = element;

    public bool Contract { get; } = contract;

    public DiagnosticSink Sink { get; } = sink;

    public CancellationToken Cancellation { get; } = cancellation;

    public string ElementKeyword => Element.Keyword();

    public SpecialType ElementSpecialType => Element.SpecialType();

    /// <summary>Whether the optimizer, or a type around it, is obsolete; then it may use what is obsolete too.</summary>
    public bool IsObsoleteType
    {
        get
        {
            for (INamedTypeSymbol? one = Type; one is not null; one = one.ContainingType)
            {
                if (one.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "ObsoleteAttribute", ContainingNamespace.Name: "System" }))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Where the rule's variables come from.</summary>
    public Variables Variables { get; } = new();

    /// <summary>Hyperparameters and scalars of the step that are known before the reductions, by the names that methods take them by.</summary>
    public Dictionary<string, int> EarlyScalars { get; } = new() { [Names.Step] = Variables.Step };

    /// <summary>Results of global reductions, and what is computed from them for a whole group.</summary>
    public Dictionary<string, int> ReducedScalars { get; } = [];

    /// <summary>Results of reductions over a tensor, and what is computed from them for a tensor.</summary>
    public Dictionary<string, int> TensorScalars { get; } = [];

    /// <summary>Truth values that a method hands out.</summary>
    public Dictionary<string, int> Flags { get; } = [];

    /// <summary>The states of the elements.</summary>
    public Dictionary<string, int> States { get; } = [];

    /// <summary>Those of them that have one value for each row.</summary>
    public HashSet<string> RowStates { get; } = [];

    /// <summary>What stages on the update rule's parameters compute, by the parameters' names.</summary>
    public Dictionary<string, int> StageValues { get; } = [];

    /// <summary>Whether a scalar or a flag has that name.</summary>
    public bool HasScalar(string name) => Scalar(name) is not null || Flags.ContainsKey(name);

    /// <summary>The scalar of that name, whenever it is known.</summary>
    public int? Scalar(string name) =>
        EarlyScalars.TryGetValue(name, out int early) ? early
        : ReducedScalars.TryGetValue(name, out int reduced) ? reduced
        : TensorScalars.TryGetValue(name, out int ofTensor) ? ofTensor
        : null;

    public void Unbound(IParameterSymbol parameter, string why, params (string Key, string? Value)[] fix) =>
        Sink.ReportFixable(Descriptors.UnboundParameter, Locations.Of(parameter), FixData.Of(fix), parameter.Name, parameter.ContainingSymbol.Name, why);

    /// <summary>What could be done for a parameter whose name is not known: the nearest of the names that are and that the method does not take yet.</summary>
    public (string Key, string? Value) Nearest(IParameterSymbol parameter, IEnumerable<string> known) => (FixData.NearestName, Sink.Reports
        ? NearestName.Of(parameter.Name, known.Except(((IMethodSymbol)parameter.ContainingSymbol).Parameters.Select(one => one.Name)))
        : null);

    /// <summary>The hyperparameter that a parameter could be, if the class has no member of that name.</summary>
    public (string Key, string? Value) PossibleHyperparameter(IParameterSymbol parameter)
    {
        string name = Identifier.Capitalize(parameter.Name);
        return (FixData.Hyperparameter, name != parameter.Name && name != Type.Name && !EarlyScalars.ContainsKey(parameter.Name) && Type.GetMembers(name).IsEmpty ? name : null);
    }

    public void BadSignature(IMethodSymbol method, string why) => Sink.Report(Descriptors.MethodSignature, Locations.Of(method), method.Name, why);

    /// <summary>A static method that returns an element and can be translated.</summary>
    public bool IsElementMethod(IMethodSymbol method, string attribute)
    {
        string? fault =
            FaultOf(method) is { } odd ? odd
            : !method.IsStatic ? $"must be static to be the optimizer's [{attribute}]; it takes hyperparameters as parameters, by their names in camelCase"
            : method.IsGenericMethod ? $"must not be generic to be the optimizer's [{attribute}]"
            : method.ReturnType.SpecialType != ElementSpecialType || method.RefKind != RefKind.None ? $"must return {ElementKeyword}{(attribute == KnownAttributes.UpdateRule ? ", the new value of one element of the parameter," : "")} to be the optimizer's [{attribute}]"
            : method.IsExtern || method.IsAbstract || method.IsAsync ? $"must have a body to be the optimizer's [{attribute}]"
            : null;
        if (fault is not null)
        {
            BadSignature(method, fault);
        }

        return fault is null;
    }

    /// <summary>Why a method cannot be a part of a rule whatever its signature; <see langword="null"/> if it can.</summary>
    public static string? FaultOf(IMethodSymbol method) =>
        method.MethodKind == MethodKind.ExplicitInterfaceImplementation ? "implements an interface explicitly, so it has no name of its own; write an ordinary method"
        : method.MethodKind != MethodKind.Ordinary ? "is an accessor or an operator; write an ordinary method"
        : null;

    /// <summary>Whether a symbol may be used by generated code only as an error, which no pragma silences.</summary>
    public static bool IsObsoleteAsError(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute is { AttributeClass: { Name: "ObsoleteAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } }
        && attribute.ConstructorArguments is [_, { Value: true }]);

    public IEnumerable<IMethodSymbol> MethodsWith(string attribute) =>
        Type.GetMembers().OfType<IMethodSymbol>().Where(method => KnownAttributes.Has(method, attribute));
}
