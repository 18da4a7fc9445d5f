using System.Globalization;
using System.Text;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Steps;

/// <summary>
/// What a rule computes whatever its names are: hyperparameters and states are numbered in the order in which the new parameter needs them, and the operands of
/// what commutes have an order of their own. With <see cref="Comparison.Bits"/> two equal shapes give the same bits; with <see cref="Comparison.Mathematics"/>
/// they are the same function of real numbers, written in another order or precision.
/// </summary>
internal sealed class RuleShape
{
    /// <summary>What counts as the same.</summary>
    public enum Comparison
    {
        Bits,
        Mathematics,
    }

    /// <summary>Far more than a rule of the literature has. The shape is found by recursion, which a rule of a thousand statements would take too deep.</summary>
    private const int MostValues = 256;

    /// <summary>Of a sum or product; far more than one of the literature has.</summary>
    private const int MostOperands = 32;

    private readonly RuleSpec rule;
    private readonly StepProgram program;
    private readonly bool isExact;
    private readonly Dictionary<int, Node> nodes = [];
    private readonly Dictionary<Node, int> numbers = [];
    private readonly Dictionary<int, int> stored;
    private readonly List<int> hyperparameters = [];
    private readonly List<int> states = [];
    private readonly StringBuilder text = new();

    private RuleShape(RuleSpec rule, StepProgram program, Comparison comparison)
    {
        (this.rule, this.program, isExact) = (rule, program, comparison == Comparison.Bits);
        stored = program.Updates[0].Body.OfType<Store>().ToDictionary(store => store.Stream, store => store.Value);
        Describe();
    }

    /// <summary>The shape, as text that is compared.</summary>
    public string Text => text.ToString();

    /// <summary>The positions of the hyperparameters among the rule's, in the order of the shape.</summary>
    public IReadOnlyList<int> Hyperparameters => hyperparameters;

    /// <summary>The positions of the states among the rule's, in the order of the shape.</summary>
    public IReadOnlyList<int> States => [.. states.Select(PositionOf)];

    /// <returns>
    /// The shape; <see langword="null"/> where a user's method, a field, a reduction or a state of rows has a part in it that cannot be looked into, or it is too large.
    /// </returns>
    public static RuleShape? Of(RuleSpec rule, StepProgram program, Comparison comparison) =>
        program is { HostCalls.Count: 0, Reductions.Count: 0, Updates.Count: 1, Values.Count: <= MostValues } && rule.Fields.Count == 0 && !program.Streams.Any(stream => stream.PerRow) ? new RuleShape(rule, program, comparison) : null;

    /// <summary>A 64-bit hash of the shape (FNV-1a), as 16 hexadecimal digits.</summary>
    public string Hash => Fnv(Text).ToString("x16", CultureInfo.InvariantCulture);

    private void Describe()
    {
        if (isExact)
        {
            Line($"element {program.ElementType.Keyword()}");
        }

        const int Parameter = 0;
        Line($"parameter {(stored.TryGetValue(Parameter, out int moved) ? Number(Of(moved)) : -1)}");
        for (int i = 0; i < states.Count; i++)
        {
            DescribeState(states[i]);
        }

        // States that never reach the parameter, in their own order.
        foreach (ElementStream stream in program.Streams.Where(stream => stream.Role == StreamRole.State && !states.Contains(stream.Id)))
        {
            states.Add(stream.Id);
            DescribeState(stream.Id);
        }
    }

    private void DescribeState(int stream)
    {
        StateSpec spec = rule.States[PositionOf(stream)];
        long initial = BitConverter.DoubleToInt64Bits(spec.InitialValue);
        Line($"state {(stored.TryGetValue(stream, out int value) ? Number(Of(value)) : -1)} from {initial:x} {spec.CopiesParameter}");
    }

    private int PositionOf(int stream) => program.Streams.Where(one => one.Role == StreamRole.State).Select(one => one.Id).ToList().IndexOf(stream);

    private int Number(Node node)
    {
        if (!numbers.TryGetValue(node, out int number))
        {
            string operands = string.Concat(node.Operands.Select(operand => " " + Number(operand).ToString(CultureInfo.InvariantCulture)));
            string leaf = node.Leaf is { } value ? " " + PlaceOf(value).ToString(CultureInfo.InvariantCulture) : "";
            numbers.Add(node, number = numbers.Count);
            Line($"{number}: {node.Kind}{leaf}{operands}");
        }

        return number;
    }

    /// <summary>The place of a hyperparameter or state among those of its kind that have been met.</summary>
    private int PlaceOf(Value leaf)
    {
        List<int> met = leaf.Kind == ValueKind.Hyperparameter ? hyperparameters : states;
        if (!met.Contains(leaf.Index))
        {
            met.Add(leaf.Index);
        }

        return met.IndexOf(leaf.Index);
    }

    private Node Of(int id)
    {
        if (!nodes.TryGetValue(id, out Node? node))
        {
            Value value = program.Values[id];
            node = isExact ? Exact(value) : Mathematical(value);
            nodes.Add(id, node);
        }

        return node;
    }

    private Node Exact(Value value)
    {
        Node[] operands = [.. value.Operands.Select(Of)];
        string kind = $"{value.Type} {value.Operator}";
        return (value.Kind, value.Operator) switch
        {
            (ValueKind.Operation, Operator.Add or Operator.Multiply) => new Node(kind, Sorted(operands)),
            (ValueKind.Operation, Operator.FusedMultiplyAdd) => ExactMultiplyAdd(value.Type, operands),
            (ValueKind.Operation, _) => new Node(kind, operands),
            _ => Other(value, operands),
        };
    }

    /// <summary>A sign is exact, so it does not matter which factor has it.</summary>
    private static Node ExactMultiplyAdd(ScalarType type, Node[] operands)
    {
        string negate = $"{type} {Operator.Negate}";
        Node[] factors = [operands[0], operands[1]];
        bool isNegative = factors.Count(factor => factor.Kind == negate) == 1;
        return new Node(
            $"{type} {(isNegative ? "negative " : "")}{Operator.FusedMultiplyAdd}",
            [.. Sorted(factors.Select(factor => factor.Kind == negate ? factor.Operands[0] : factor)), operands[2]]);
    }

    /// <summary>Sums and products of any number of operands, in place of the operations that round them; a conversion is nothing.</summary>
    private Node Mathematical(Value value)
    {
        Node[] operands = [.. value.Operands.Select(Of)];
        return (value.Kind, value.Operator) switch
        {
            (ValueKind.Widen or ValueKind.Narrow, _) => operands[0],
            (ValueKind.Operation, Operator.Add) => Sum(operands[0], operands[1]),
            (ValueKind.Operation, Operator.Subtract) => Sum(operands[0], Negative(operands[1])),
            (ValueKind.Operation, Operator.FusedMultiplyAdd) => Sum(Product(operands[0], operands[1]), operands[2]),
            (ValueKind.Operation, Operator.Negate) => Negative(operands[0]),
            (ValueKind.Operation, Operator.Multiply) => Product(operands[0], operands[1]),
            (ValueKind.Operation, Operator.Divide) => Product(operands[0], Inverse(operands[1])),
            (ValueKind.Operation, Operator.Minimum or Operator.Maximum) => new Node(value.Operator.ToString(), Sorted(operands)),
            (ValueKind.Operation, _) => new Node(value.Operator.ToString(), operands),
            _ => Other(value, operands),
        };
    }

    private Node Other(Value value, Node[] operands) => value switch
    {
        { Kind: ValueKind.Hyperparameter } => new Node("hyperparameter", operands, value),
        { Kind: ValueKind.Load } => program.Streams[value.Index].Role == StreamRole.State
            ? new Node("state", operands, value)
            : new Node(program.Streams[value.Index].Role.ToString(), operands),
        { IsConstant: true } => new Node($"constant {(isExact ? value.Type : "")} {BitConverter.DoubleToInt64Bits(value.Constant):x}", operands),
        _ => new Node($"{value.Kind} {(isExact ? value.Type : "")} {value.Path}", operands),
    };

    private static Node Sum(Node left, Node right) => new("sum", Sorted(Flat("sum", [left, right])));

    private static Node Product(params Node[] factors)
    {
        // A sign stands before the whole product.
        bool isNegative = factors.Count(factor => factor.Kind == "negative") % 2 == 1;
        Node product = new("product", Sorted(Flat("product", [.. factors.Select(factor => factor.Kind == "negative" ? factor.Operands[0] : factor)])
            .Where(factor => factor.Kind != One)));
        product = product.Operands.Count == 1 ? product.Operands[0] : product;
        return isNegative ? Negative(product) : product;
    }

    /// <summary>The operands of operands of the same kind; as they are where that would be too many, as after <c>x += x</c> a few times.</summary>
    private static IEnumerable<Node> Flat(string kind, Node[] operands) => operands.Sum(one => one.Kind == kind ? one.Operands.Count : 1) <= MostOperands
        ? operands.SelectMany(one => one.Kind == kind ? one.Operands : [one])
        : operands;

    private static Node Negative(Node node) => node.Kind switch
    {
        "negative" => node.Operands[0],
        "sum" when IsFlat(node) => new Node("sum", Sorted(node.Operands.Select(Negative))),
        _ => new Node("negative", [node]),
    };

    private static Node Inverse(Node node) => node.Kind switch
    {
        "inverse" => node.Operands[0],
        "product" when IsFlat(node) => Product([.. node.Operands.Select(Inverse)]),
        "negative" => Negative(Inverse(node.Operands[0])),
        _ => new Node("inverse", [node]),
    };

    private static bool IsFlat(Node node) => node.Operands.All(operand => operand.Kind != node.Kind);

    private static readonly string One = $"constant  {BitConverter.DoubleToInt64Bits(1):x}";

    /// <summary>By what they are made of, without the numbers of hyperparameters and states.</summary>
    private static Node[] Sorted(IEnumerable<Node> operands) => [.. operands.OrderBy(operand => operand.Order)];

    private static ulong Fnv(string text, ulong hash = 14695981039346656037)
    {
        foreach (char one in text)
        {
            hash = unchecked((hash ^ one) * 1099511628211);
        }

        return hash;
    }

    private void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>A value, or a sum or product of several.</summary>
    private sealed class Node(string kind, IReadOnlyList<Node> operands, Value? leaf = null)
    {
        public string Kind { get; } = kind;

        public IReadOnlyList<Node> Operands { get; } = operands;

        public Value? Leaf { get; } = leaf;

        public ulong Order { get; } = operands.Aggregate(Fnv(kind), (hash, operand) => Fnv("(" + operand.Order.ToString("x", CultureInfo.InvariantCulture), hash));
    }
}
