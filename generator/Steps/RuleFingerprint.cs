using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Steps;

/// <summary>
/// A hash of what a step computes: of each stored value, the tree of operations that gives it. A checkpoint carries it, so that a state is not continued by
/// another rule. Names of local variables, the order of instructions and the unrolling do not enter, since they do not change a result.
/// </summary>
internal sealed class RuleFingerprint
{
    private const int ByteCount = 16;

    private readonly StepProgram program;
    private readonly Dictionary<int, int> numbers = [];
    private readonly StringBuilder text = new();

    private RuleFingerprint(StepProgram program) => this.program = program;

    /// <summary>The fingerprint: 32 hexadecimal digits.</summary>
    public static string Of(StepProgram program)
    {
        using var hash = SHA256.Create();
        byte[] bytes = hash.ComputeHash(Encoding.UTF8.GetBytes(new RuleFingerprint(program).Describe()));
        return string.Concat(bytes.Take(ByteCount).Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>The text that is hashed: a line for each value, numbered in the order in which the stores and accumulations need them.</summary>
    internal static string Text(StepProgram program) => new RuleFingerprint(program).Describe();

    private string Describe()
    {
        Line($"element {program.ElementType.Keyword()}");
        foreach (ElementStream stream in program.Streams)
        {
            Line($"stream {stream.Role} {stream.Name}{(stream.PerRow ? " of each row" : "")}");
        }

        // A user's method may change a state, so it is called whether or not its results are used.
        foreach (Value call in program.Values.Where(value => value.Kind == ValueKind.HostCall))
        {
            Number(call.Id);
        }

        foreach (Kernel kernel in program.Reductions.Concat(program.RowMeans).Concat(program.Updates))
        {
            string flags = string.Concat(kernel.Flags.Select(flag => $" where {Number(flag.Value)} is {flag.IsSet}"));
            string ofRow = kernel.RowState is { } state ? $" of rows for {state.ToString(CultureInfo.InvariantCulture)}" : "";
            Line($"kernel {kernel.Reduction}{ofRow}{flags}");
            Describe(kernel.Body);
        }

        return text.ToString();
    }

    private void Describe(IEnumerable<Instruction> body)
    {
        foreach (Store store in body.OfType<Store>().OrderBy(store => store.Stream))
        {
            Line($"store {store.Stream} {Number(store.Value)}");
        }

        foreach (Accumulate accumulate in body.OfType<Accumulate>())
        {
            Line($"accumulate {Number(accumulate.Value)}");
        }

        foreach (When condition in body.OfType<When>())
        {
            Line($"when {condition.Condition}");
            Describe(condition.Body);
        }
    }

    /// <summary>The number of a value, after a line that defines it.</summary>
    private int Number(int id)
    {
        if (!numbers.TryGetValue(id, out int number))
        {
            Value value = program.Values[id];
            string definition = Define(value);
            numbers.Add(id, number = numbers.Count);
            Line($"{number}: {value.Type} {definition}");
        }

        return number;
    }

    private string Define(Value value)
    {
        string operands = string.Concat(value.Operands.Select(operand => " " + Number(operand).ToString(CultureInfo.InvariantCulture)));
        return value.Kind switch
        {
            ValueKind.Literal or ValueKind.Truth => $"constant {BitConverter.DoubleToInt64Bits(value.Constant):x16}",
            ValueKind.Operation => $"{value.Operator}{operands}",
            ValueKind.HostCall => $"call {Signature(program.HostCalls[value.Index])}{operands}",
            // Without the class, which may be renamed.
            ValueKind.Field => $"field {value.Path.Split('.').Last()}",
            _ => $"{value.Kind} {value.Index} {value.Path}{operands}",
        };
    }

    private static string Signature(HostCall call) =>
        $"{call.Method}({string.Join(", ", call.Arguments.Select(argument => $"{argument.Kind} {argument.Type}{(argument.Kind == ArgumentKind.State ? $" {argument.Index}" : "")}"))})";

    private void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
