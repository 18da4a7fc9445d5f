using Microsoft.CodeAnalysis;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>The static read-only fields that a rule reads: scalars, whose value only the run time knows.</summary>
internal sealed class FieldScalars(Variables variables, Compilation compilation, INamedTypeSymbol optimizer)
{
    private readonly Dictionary<string, FieldSpec> fields = [];

    public EquatableArray<FieldSpec> All => fields.Values.ToEquatableArray();

    /// <summary>Whether the generated part of the optimizer can read the field.</summary>
    public bool CanRead(IFieldSymbol field) => compilation.IsSymbolAccessibleWithin(field, optimizer) && !IsObsoleteAsError(field);

    public static bool IsObsoleteAsError(IFieldSymbol field)
    {
        for (ISymbol? one = field; one is not null; one = one.ContainingType)
        {
            if (RuleScope.IsObsoleteAsError(one))
            {
                return true;
            }
        }

        return false;
    }

    public Expression Add(IFieldSymbol field)
    {
        string path = field.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType));
        if (!fields.TryGetValue(path, out FieldSpec? known))
        {
            known = new FieldSpec(variables.New(), Identifier.Uncapitalize(field.Name), path);
            fields.Add(path, known);
        }

        return new Variable(known.Variable);
    }
}
