using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing.Checks;
using OptimGen.Generator.Parsing.Methods;
using OptimGen.Generator.Stages;

namespace OptimGen.Generator.Parsing;

/// <summary>From a class marked [Optimizer] to its <see cref="OptimizerSpec"/>, or to diagnostics at the user's own lines.</summary>
internal static class OptimizerParser
{
    /// <returns>
    /// The specification, with <see cref="OptimizerSpec.HasErrors"/> set if there was an error; <see langword="null"/> if nothing can be generated for the type.
    /// </returns>
    public static OptimizerSpec? Parse(INamedTypeSymbol type, Compilation compilation, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (LacksName(type))
        {
            // Half typed; the compiler says what is missing.
            sink.FailSilently();
            return null;
        }

        CheckType(type, sink, cancellation);
        if (HidingType(compilation) is { } hiding)
        {
            sink.Report(Descriptors.HidingType, Locations.Of(type), type.Name, hiding is INamespaceSymbol ? "namespace" : "type", hiding.Name);
        }

        bool canBeExtended = !sink.HasErrors;

        OptimizerOptions options = OptimizerOptions.Parse(type, sink, cancellation);
        IMethodSymbol? update = type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(method => KnownAttributes.Has(method, KnownAttributes.UpdateRule));
        RuleSpec? rule = update is null
            ? RuleOfStages.Build(StageParser.Parse(type, sink, cancellation), options.ElementType ?? ElementType.Float, options.Unroll)
            : MethodRuleParser.Parse(type, update, options, compilation, sink, cancellation);
        if (update is null)
        {
            PartsOfMethodRules.RefuseWithoutRule(type, sink);
        }

        if (rule is null)
        {
            return canBeExtended ? SkeletonParser.Parse(TypeOf(type), type, options.ElementType ?? ElementType.Float, rule, cancellation) : null;
        }

        rule = StorageParser.Apply(rule, options, type, sink) with { RowKernels = options.RowKernels };
        CheckMembers(type, rule, sink, cancellation);
        if (options.ElementType is { } asked && asked != rule.ElementType)
        {
            sink.Report(
                Descriptors.ValueOutOfRange, options.Location, "ElementType of [Optimizer]", asked.Keyword(),
                $"{rule.ElementType.Keyword()}, as the method '{update!.Name}' is declared");
        }

        if (IsOfOtherPrecision(type.BaseType, rule.ElementType))
        {
            sink.Report(Descriptors.UnsupportedType, Locations.Of(type), type.Name, "has a base class of another precision");
        }

        if (!sink.HasErrors && sink.Reports)
        {
            RuleChecks.Report(type, update, rule, compilation, sink, cancellation);
        }

        return !sink.HasErrors ? new OptimizerSpec { Type = TypeOf(type), Rule = rule }
            : canBeExtended ? SkeletonParser.Parse(TypeOf(type), type, rule.ElementType, rule, cancellation)
            : null;
    }

    private static bool LacksName(INamedTypeSymbol type) => type.Name.Length == 0 || type.GetMembers().Any(member =>
        (member.Name.Length == 0 && member is not INamedTypeSymbol { TypeKind: LaterTypeKinds.Extension }) || (member is IMethodSymbol method && method.Parameters.Any(parameter => parameter.Name.Length == 0)));

    private static void CheckType(INamedTypeSymbol type, DiagnosticSink sink, CancellationToken cancellation)
    {
        if (type.TypeKind != TypeKind.Class)
        {
            // The compiler itself says that the attribute is for classes.
            sink.FailSilently();
            return;
        }

        for (INamedTypeSymbol? one = type; one is not null; one = one.ContainingType)
        {
            if (one.DeclaringSyntaxReferences
                    .Select(reference => reference.GetSyntax(cancellation))
                    .OfType<TypeDeclarationSyntax>()
                    .FirstOrDefault(declaration => !declaration.Modifiers.Any(modifier => modifier.ValueText == "partial")) is { } notPartial)
            {
                sink.Report(Descriptors.NotPartial, notPartial.Identifier.GetLocation(), one.Name);
            }
        }

        string? obstacle =
            type.IsRecord ? "is a record"
            : type.IsStatic ? "is static"
            : type.IsAbstract ? "is abstract"
            : IsFileLocal(type) ? "is local to its file"
            : IsGeneric(type) ? "is generic or nested in a generic type"
            : HasForeignBase(type) ? "has a base class"
            : HasPrimaryConstructor(type, cancellation) ? "has a primary constructor"
            : null;
        if (obstacle is not null)
        {
            sink.Report(Descriptors.UnsupportedType, Locations.Of(type), type.Name, obstacle);
        }
    }

    private static bool IsFileLocal(INamedTypeSymbol? type) => type is not null && (type.IsFileLocal || IsFileLocal(type.ContainingType));

    private static bool HasPrimaryConstructor(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is ClassDeclarationSyntax { ParameterList: not null });

    private static bool IsGeneric(INamedTypeSymbol? type) => type is not null && (type.IsGenericType || IsGeneric(type.ContainingType));

    private static bool HasForeignBase(INamedTypeSymbol type) =>
        type.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } @base
        && !(@base is { Name: "Optimizer", IsGenericType: true } && IsOfRuntime(@base));

    private static bool IsOfRuntime(INamedTypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { Name: KnownAttributes.Namespace, ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>
    /// A type that stands where generated code looks for a namespace, so that nothing in it can be named; or a type or namespace where it looks for the
    /// native integer.
    /// </summary>
    private static INamespaceOrTypeSymbol? HidingType(Compilation compilation) => HiddenNames
        .SelectMany(name => compilation.GlobalNamespace.GetMembers(name).OfType<INamespaceOrTypeSymbol>())
        .FirstOrDefault(one => one.Locations.Any(location => location.IsInSource) && (one is INamedTypeSymbol { Arity: 0, IsFileLocal: false } || one is INamespaceSymbol { Name: NativeInteger }));

    private const string NativeInteger = "nuint";

    internal static readonly string[] HiddenNames = ["System", KnownAttributes.Namespace, NativeInteger];

    /// <summary>Whether the user wrote the base class that the generator adds, but for another element type.</summary>
    internal static bool IsOfOtherPrecision(INamedTypeSymbol? @base, ElementType element) =>
        @base is { Name: "Optimizer", TypeArguments: [{ SpecialType: var type }] }
        && type != element.SpecialType();

    /// <summary>A member of the user's that stands where a generated one has to go is refused here, not in the generated file.</summary>
    private static void CheckMembers(INamedTypeSymbol type, RuleSpec rule, DiagnosticSink sink, CancellationToken cancellation)
    {
        foreach (string name in GeneratedMembers.Of(rule))
        {
            if (name == type.Name)
            {
                // C# allows no member with the name of its class (CS0542).
                sink.Report(Descriptors.MemberExists, Locations.Of(type), type.Name, name);
            }

            // A hyperparameter of the user's own is refused as one in a rule that is a stack of attributes.
            if (type.GetMembers(name).FirstOrDefault(member => !member.IsImplicitlyDeclared && !KnownAttributes.IsGenerated(member)
                && (rule.IsMethod || !KnownAttributes.Has(member, KnownAttributes.Hyperparameter))) is { } member)
            {
                sink.Report(Descriptors.MemberExists, Locations.Of(member), type.Name, name);
            }
        }

        foreach (string name in GeneratedMembers.OfGroups(rule))
        {
            sink.Report(Descriptors.MemberExists, Locations.Of(type.GetMembers(name).FirstOrDefault() ?? type), type.Name, name);
        }

        if (type.InstanceConstructors.FirstOrDefault(one => IsGeneratedConstructor(one, rule.ElementType)) is { } constructor)
        {
            sink.Report(Descriptors.MemberExists, Locations.Of(constructor), type.Name, $"{type.Name}(ParameterSet<{rule.ElementType.Keyword()}>{(constructor.Parameters.Length > 1 ? ", OptimizerOptions" : "")})");
        }

        foreach (IMethodSymbol unchained in type.InstanceConstructors.Where(one => !one.IsImplicitlyDeclared && !KnownAttributes.IsGenerated(one) && !IsGeneratedConstructor(one, rule.ElementType)))
        {
            if (unchained.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation)
                is ConstructorDeclarationSyntax { Initializer: null or { ThisOrBaseKeyword.ValueText: "base" } })
            {
                sink.Report(Descriptors.UnchainedConstructor, Locations.Of(unchained), type.Name, rule.ElementType.Keyword());
            }
        }
    }

    internal static bool IsGeneratedConstructor(IMethodSymbol constructor, ElementType element) =>
        !KnownAttributes.IsGenerated(constructor) && !constructor.IsImplicitlyDeclared
        && (constructor.Parameters is [var only] ? IsSet(only, element) : constructor.Parameters is [var first, var second] && IsSet(first, element) && IsOptions(second));

    private static bool IsSet(IParameterSymbol parameter, ElementType element) =>
        parameter is { RefKind: RefKind.None, Type: INamedTypeSymbol { Name: "ParameterSet", TypeArguments: [var of] } set }
        && of.SpecialType == element.SpecialType() && IsOfRuntime(set);

    private static bool IsOptions(IParameterSymbol parameter) =>
        parameter is { RefKind: RefKind.None, Type: INamedTypeSymbol { Name: "OptimizerOptions" } options } && IsOfRuntime(options);

    private static TypeSpec TypeOf(INamedTypeSymbol type)
    {
        var containers = new Stack<string>();
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            containers.Push($"partial {KeywordOf(outer)} {Identifier.Escape(outer.Name)}");
        }

        return new TypeSpec
        {
            Namespace = type.ContainingNamespace.IsGlobalNamespace
                ? ""
                : type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat
                    .WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted)),
            Containers = containers.ToEquatableArray(),
            Name = Identifier.Escape(type.Name),
            FullName = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            HintName = HintNameOf(type),
        };
    }

    private static string KeywordOf(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    /// <summary>The full name, with <c>+</c> before a nested class; a character that a file system may fold or refuse is spelled out.</summary>
    private static string HintNameOf(INamedTypeSymbol type)
    {
        string name = type.Name;
        INamespaceOrTypeSymbol inner = type;
        while (inner.ContainingSymbol is INamespaceOrTypeSymbol outer and not INamespaceSymbol { IsGlobalNamespace: true })
        {
            name = outer.Name + (outer.IsNamespace ? "." : "+") + name;
            inner = outer;
        }

        var hint = new StringBuilder();
        foreach (char character in name)
        {
            bool plain = character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '_' or '+';
            hint.Append(plain ? character.ToString() : $"-{(int)character:x4}");
        }

        return hint.ToString();
    }
}
