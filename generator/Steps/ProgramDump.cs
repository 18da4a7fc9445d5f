using System.Globalization;
using System.Text;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Steps;

/// <summary>
/// A step program as a page that a person reads: what is computed at each time, what is kept, and what each kernel does. It walks the program and decides
/// nothing, so what two dumps differ in, the programs differ in.
/// </summary>
internal sealed class ProgramDump
{
    private readonly StepProgram program;
    private readonly HashSet<int> carried;
    private readonly StringBuilder text = new();

    private ProgramDump(StepProgram program)
    {
        this.program = program;
        carried = [.. program.Carried.Select(value => value.Id)];
    }

    /// <summary>
    /// The dump. A value is written by its id, as v7, with its name where it has one; a constant as itself. Behind what is kept for a later time stands an
    /// asterisk. Kernels that differ in their flags alone are written all.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="inPhase">Whether the kernels are written that have what surrounds a rule too, in place of those that are the rule alone.</param>
    public static string Of(StepProgram program, bool inPhase = false)
    {
        var dump = new ProgramDump(program);
        dump.WriteStreams();
        for (Time time = Time.Settings; time < Time.Row; time++)
        {
            dump.WriteTime(time);
        }

        foreach (Kernel kernel in program.Reductions.Concat(program.RowMeans).Concat(inPhase ? program.PhaseUpdates : program.Updates))
        {
            dump.WriteKernel(kernel);
        }

        return dump.text.ToString();
    }

    private void WriteStreams() => Line(0, $"{program.ElementType.Keyword()} streams: " + string.Join(", ", program.Streams.Select(stream =>
        $"{stream.Name}{(stream.PerRow ? " (state of each row)" : stream.Role == StreamRole.State ? " (state)" : "")}")));

    private void WriteTime(Time time)
    {
        Value[] values = program.Needed
            .Where(value => value.Time == time && value is { IsConstant: false, Kind: not (ValueKind.HostResult or ValueKind.StepNumber or ValueKind.ElementCount) })
            .ToArray();
        if (values.Length == 0)
        {
            return;
        }

        Line(0, time switch
        {
            Time.Settings => "settings, for each group:",
            Time.Step => "step, for each group:",
            Time.Global => "after the reductions, for each group:",
            _ => "after the reductions, for each tensor:",
        });
        foreach (Value value in values)
        {
            Line(1, value.Kind == ValueKind.HostCall ? Call(value) : Definition(value));
        }
    }

    /// <summary>The call of a user's method, with what it hands out.</summary>
    private string Call(Value call)
    {
        HostCall method = program.HostCalls[call.Index];
        Dictionary<int, Value> results = program.Values
            .Where(value => value.Kind == ValueKind.HostResult && value.Operands.Contains(call.Id))
            .ToDictionary(value => value.Index);
        return $"{method.Method}({string.Join(", ", method.Arguments.Select((argument, i) => argument.Kind switch
        {
            ArgumentKind.Scalar => Of(argument.Index),
            ArgumentKind.State => $"ref state {argument.Index} {argument.Name}",
            _ when results.TryGetValue(i, out Value? result) => $"out {argument.Type} {Target(result)}",
            _ => $"out {argument.Type} {argument.Name}",
        }))})";
    }

    private void WriteKernel(Kernel kernel)
    {
        string flags = string.Concat(kernel.Flags.Select(flag => $", where v{flag.Value} {flag.Name} is {(flag.IsSet ? "true" : "false")}"));
        string reduced = kernel.RowState is { } state ? $", the mean over a row of {program.Streams[state].Name}" : kernel.Reduction is { } reduction ? $", {reduction}" : "";
        Line(0, $"{kernel.Name}{reduced}{flags}, by {kernel.Unroll}:");
        foreach (Let let in kernel.OfRow)
        {
            Line(1, "once for the row: " + Definition(program.Values[let.Value]));
        }

        foreach (Instruction instruction in kernel.Body)
        {
            Write(instruction, 1);
        }
    }

    private void Write(Instruction instruction, int depth)
    {
        switch (instruction)
        {
            case Load load:
                Line(depth, $"load {Target(program.Values[load.Value])} from {program.Streams[load.Stream].Name}");
                break;
            case Let let:
                Line(depth, Definition(program.Values[let.Value]));
                break;
            case Store store:
                Line(depth, $"store {Of(store.Value)} to {program.Streams[store.Stream].Name}");
                break;
            case Accumulate accumulate:
                Line(depth, $"accumulate {Of(accumulate.Value)}");
                break;
            case When condition:
                Line(depth, $"when {condition.Condition}:");
                foreach (Instruction inner in condition.Body)
                {
                    Write(inner, depth + 1);
                }

                break;
        }
    }

    private string Definition(Value value) => $"{Target(value)} = {Right(value)}";

    private string Target(Value value) =>
        $"v{value.Id}{(value.Name.Length > 0 ? " " + value.Name : "")}{(carried.Contains(value.Id) ? "*" : "")}{(value.Type == ScalarType.Double ? ": double" : value.Type == ScalarType.Boolean ? ": bool" : "")}";

    private string Right(Value value) => value.Kind switch
    {
        ValueKind.Hyperparameter => $"hyperparameter {Number(value.Index)}",
        ValueKind.Field => $"field {value.Path}",
        ValueKind.Reduction => $"reduction {Number(value.Index)}",
        ValueKind.Widen => $"widen {Of(value.Operands[0])}",
        ValueKind.Narrow => $"narrow {Of(value.Operands[0])}",
        ValueKind.Operation => Operation(value),
        ValueKind.Function => $"{value.Path}({string.Join(", ", value.Operands.Select(Of))})",
        _ => value.Kind.ToString(),
    };

    private string Operation(Value value)
    {
        string[] operands = value.Operands.Select(Of).ToArray();
        return value.Operator switch
        {
            Operator.Add => $"{operands[0]} + {operands[1]}",
            Operator.Subtract => $"{operands[0]} - {operands[1]}",
            Operator.Multiply => $"{operands[0]} * {operands[1]}",
            Operator.Divide => $"{operands[0]} / {operands[1]}",
            Operator.Negate => $"-{operands[0]}",
            Operator.LessThan => $"{operands[0]} < {operands[1]}",
            Operator.LessThanOrEqual => $"{operands[0]} <= {operands[1]}",
            Operator.GreaterThan => $"{operands[0]} > {operands[1]}",
            Operator.GreaterThanOrEqual => $"{operands[0]} >= {operands[1]}",
            Operator.Equal => $"{operands[0]} == {operands[1]}",
            Operator.NotEqual => $"{operands[0]} != {operands[1]}",
            Operator.Select => $"{operands[0]} ? {operands[1]} : {operands[2]}",
            _ => $"{value.Operator}({string.Join(", ", operands)})",
        };
    }

    private string Of(int id)
    {
        Value value = program.Values[id];
        return value.Kind switch
        {
            ValueKind.Literal => value.Constant == 0 && 1 / value.Constant < 0 ? "-0" : Number(value.Constant),
            ValueKind.Truth => value.Constant != 0 ? "true" : "false",
            ValueKind.StepNumber => "t",
            ValueKind.ElementCount => "n",
            ValueKind.Phase => ((PhaseValue)value.Index).ToString(),
            _ => value.Name.Length > 0 ? $"v{id} {value.Name}" : $"v{id}",
        };
    }

    private static string Number(double value) => double.IsNaN(value) || double.IsInfinity(value) ? value.ToString(CultureInfo.InvariantCulture) : ShortestDecimal.Of(value);

    private void Line(int depth, string line) => text.Append(' ', 4 * depth).Append(line).Append('\n');
}
