using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>Gives out names that are unique in one scope of generated code. Only a printer asks for names.</summary>
/// <param name="reserved">Names that the scope has already. A set is not copied, and must not change.</param>
internal sealed class NameTable(IReadOnlyCollection<string> reserved)
{
    private readonly HashSet<string> reserved = reserved as HashSet<string> ?? [.. reserved];
    private readonly HashSet<string> taken = [];

    /// <summary>The name itself if it is free and no keyword, else the name with a number.</summary>
    public string Take(string wanted)
    {
        string name = Identifier.IsKeyword(wanted) ? wanted + "Value" : wanted;
        string unique = name;
        for (int number = 2; reserved.Contains(unique) || !taken.Add(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }

    /// <summary>What to call a value: as its author did, or by what it is made of where that is short.</summary>
    public static string Describe(Value value, IReadOnlyList<Value> values)
    {
        string Of(int operand) => values[value.Operands[operand]] switch
        {
            { Kind: ValueKind.Literal, Constant: 1 } => "one",
            { IsConstant: true } => "",
            { Name: var name } when name.Length > 0 => name,
            { Kind: ValueKind.Narrow or ValueKind.Widen } converted => Describe(converted, values),
            _ => "",
        };
        string Joined(string middle) => Of(0).Length > 0 && Of(1).Length > 0 ? Of(0) + middle + Identifier.Capitalize(Of(1)) : "";
        string described = value switch
        {
            { Name.Length: > 0 } => value.Name,
            { Kind: ValueKind.Narrow } => Of(0),
            { Kind: ValueKind.Widen } => Of(0).Length > 0 ? "exact" + Identifier.Capitalize(Of(0)) : "",
            { Kind: ValueKind.Operation, Operator: Operator.Negate } => Of(0).Length > 0 ? "negative" + Identifier.Capitalize(Of(0)) : "",
            { Kind: ValueKind.Operation, Operator: Operator.Add } => Joined("Plus"),
            { Kind: ValueKind.Operation, Operator: Operator.Subtract } => Joined("Minus"),
            { Kind: ValueKind.Operation, Operator: Operator.Multiply } => Joined("Times"),
            { Kind: ValueKind.Operation, Operator: Operator.Divide } => Joined("Over"),
            _ => "",
        };
        return described.Length is > 0 and < 48 ? described : value.Type == ScalarType.Boolean ? "condition" : "part";
    }
}
