using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// The values of a step program while it is made. A value that is there already is not made again, so nothing is computed twice; and a selection whose
/// condition is known is the side that it takes.
/// </summary>
internal sealed class ValueTable
{
    private readonly List<Value> values = [];
    private readonly Dictionary<Key, int> ids = [];

    public IReadOnlyList<Value> Values => values;

    public Value this[int id] => values[id];

    public int Literal(double constant, ScalarType type) => Add(ValueKind.Literal, type, Time.Settings, constant: constant);

    public int Truth(bool isTrue) => Add(ValueKind.Truth, ScalarType.Boolean, Time.Settings, constant: isTrue ? 1 : 0);

    /// <summary>A value without operands.</summary>
    public int Leaf(ValueKind kind, ScalarType type, Time time, int index = 0, string path = "", string name = "") =>
        Named(Add(kind, type, time, index: index, path: path), name);

    /// <summary>A call of a user's method, at the earliest at a time of its own.</summary>
    public int HostCall(int index, Time earliest, IEnumerable<int> arguments) =>
        Add(ValueKind.HostCall, ScalarType.Double, earliest, index: index, operands: arguments);

    public int HostResult(int call, int argument, ScalarType type, string name) =>
        Named(Add(ValueKind.HostResult, type, values[call].Time, index: argument, operands: [call]), name);

    /// <summary>A value as one of a type; a truth value stays one.</summary>
    public int As(int value, ScalarType type) => values[value] switch
    {
        { Type: ScalarType.Boolean } => value,
        { Kind: ValueKind.Literal, Constant: var constant } => Literal(constant, type),
        { Type: var from } when from == type => value,
        _ => Add(type == ScalarType.Double ? ValueKind.Widen : ValueKind.Narrow, type, Time.Settings, operands: [value]),
    };

    public int Function(string name, IEnumerable<int> operands) => Add(ValueKind.Function, ScalarType.Element, Time.Settings, path: name, operands: operands);

    public int Operation(Operator @operator, params int[] operands) =>
        Simplify(@operator, operands) ?? Add(ValueKind.Operation, TypeOf(@operator, operands), Time.Settings, @operator: @operator, operands: operands);

    /// <summary>Gives a value what its author calls it, if it has no name yet and is computed at all.</summary>
    public int Named(int value, string name, string? comment = null)
    {
        Value found = values[value];
        if (name.Length > 0 && found is { Name.Length: 0, IsConstant: false })
        {
            values[value] = found with { Name = name, Comment = comment };
        }

        return value;
    }

    private int Add(
        ValueKind kind, ScalarType type, Time earliest, Operator @operator = default, double constant = 0, int index = 0, string path = "",
        IEnumerable<int>? operands = null)
    {
        EquatableArray<int> of = (operands ?? []).ToEquatableArray();
        // −0 and +0 are different constants.
        var key = new Key(kind, type, @operator, BitConverter.DoubleToInt64Bits(constant), index, path, of);
        if (ids.TryGetValue(key, out int known))
        {
            return known;
        }

        int id = values.Count;
        values.Add(new Value
        {
            Id = id, Kind = kind, Type = type, Operator = @operator, Constant = constant, Index = index, Path = path, Operands = of,
            Time = of.Select(operand => values[operand].Time).Append(earliest).Max(),
        });
        ids.Add(key, id);
        return id;
    }

    private ScalarType TypeOf(Operator @operator, int[] operands) => @operator switch
    {
        >= Operator.LessThan and <= Operator.Not => ScalarType.Boolean,
        Operator.Select => values[operands[1]].Type,
        _ => values[operands[0]].Type,
    };

    private int? Simplify(Operator @operator, int[] operands)
    {
        bool? first = TruthOf(operands[0]);
        bool? second = operands.Length > 1 ? TruthOf(operands[1]) : null;
        return @operator switch
        {
            Operator.Select when first is { } condition => operands[condition ? 1 : 2],
            Operator.Select when operands[1] == operands[2] => operands[1],
            Operator.Not when first is { } operand => Truth(!operand),
            Operator.And when first is { } left => left ? operands[1] : operands[0],
            Operator.And when second is { } right => right ? operands[0] : operands[1],
            Operator.Or when first is { } left => left ? operands[0] : operands[1],
            Operator.Or when second is { } right => right ? operands[1] : operands[0],
            _ => null,
        };
    }

    private bool? TruthOf(int value) => values[value].Kind == ValueKind.Truth ? values[value].Constant != 0 : null;

    private sealed record Key(ValueKind Kind, ScalarType Type, Operator Operator, long Constant, int Index, string Path, EquatableArray<int> Operands);
}
