using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace OptimGen;

/// <summary>
/// Runs the method of a rule from its compiled code (CIL, ECMA-335), one instruction after the other, so that what it assigns to a parameter by reference can be exchanged.
/// It knows the instructions that the language of rules needs; the methods that the rule calls are called as they are.
/// </summary>
[RequiresUnreferencedCode("The code of the method is read.")]
internal sealed class MethodInterpreter
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null))
        .OfType<OpCode>()
        .ToDictionary(code => code.Value);

    private readonly MethodInfo method;
    private readonly byte[] code;
    private readonly int localCount;
    private readonly ParameterInfo[] parameters;

    public MethodInterpreter(MethodInfo method)
    {
        this.method = method;
        MethodBody body = method.GetMethodBody() ?? throw new NotSupportedException($"The code of '{method.Name}' cannot be read.");
        (code, localCount, parameters) = (body.GetILAsByteArray()!, body.LocalVariables.Count, method.GetParameters());
    }

    /// <summary>Runs the method.</summary>
    /// <param name="arguments">The arguments; those by reference are left as the method leaves them.</param>
    /// <param name="onAssign">
    /// Takes the position of a parameter by reference and what is assigned to it, and returns what it gets in its place; <see langword="null"/> ends the run.
    /// </param>
    /// <returns>What the method returns; <see langword="null"/> if the run was ended.</returns>
    /// <exception cref="NotSupportedException">There is an instruction that no rule has; the message names it.</exception>
    public object? Run(object?[] arguments, Func<int, object, object?> onAssign)
    {
        Slot[] given = [.. arguments.Select((argument, i) => new Slot(parameters[i].ParameterType.IsByRef ? new Slot(argument!, i) : OnStack(argument!), null))];
        Slot[] locals = [.. Enumerable.Range(0, localCount).Select(_ => new Slot(0, null))];
        var stack = new Stack<object>();
        object? result = Execute(given, locals, stack, onAssign);
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = given[i].Value is Slot reference ? reference.Value : arguments[i];
        }

        return result;
    }

    private object? Execute(Slot[] arguments, Slot[] locals, Stack<object> stack, Func<int, object, object?> onAssign)
    {
        for (int at = 0; ;)
        {
            short value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            OpCode instruction = OpCodesByValue[value];
            int operandAt = at + instruction.Size, next = operandAt + SizeOf(instruction);
            at = next;
            string name = instruction.Name!;
            string[] parts = name.Split('.');
            switch (parts[0])
            {
                case "nop":
                    break;
                case "ret":
                    return stack.Pop();
                case "dup":
                    stack.Push(stack.Peek());
                    break;
                case "pop":
                    stack.Pop();
                    break;
                case "ldarg":
                    stack.Push(arguments[Position(parts, operandAt)].Value);
                    break;
                case "ldarga":
                    stack.Push(arguments[Position(parts, operandAt)]);
                    break;
                case "starg":
                    arguments[Position(parts, operandAt)].Value = stack.Pop();
                    break;
                case "ldloc":
                    stack.Push(locals[Position(parts, operandAt)].Value);
                    break;
                case "ldloca":
                    stack.Push(locals[Position(parts, operandAt)]);
                    break;
                case "stloc":
                    locals[Position(parts, operandAt)].Value = stack.Pop();
                    break;
                case "ldc":
                    stack.Push(Constant(parts, operandAt));
                    break;
                case "ldsfld":
                    stack.Push(OnStack(method.Module.ResolveField(Token(operandAt))!.GetValue(null)!));
                    break;
                case "ldind":
                    stack.Push(((Slot)stack.Pop()).Value);
                    break;
                case "stind":
                    object assigned = stack.Pop();
                    var target = (Slot)stack.Pop();
                    if ((target.Parameter is { } parameter ? onAssign(parameter, assigned) : assigned) is not { } kept)
                    {
                        return null;
                    }

                    target.Value = kept;
                    break;
                case "call":
                    Call(method.Module.ResolveMethod(Token(operandAt))!, stack);
                    break;
                case "neg":
                    stack.Push(Negate(stack.Pop()));
                    break;
                case "conv":
                    stack.Push(parts[1] switch
                    {
                        "r4" => (object)Convert.ToSingle(stack.Pop(), null),
                        "r8" => (object)Convert.ToDouble(stack.Pop(), null),
                        _ => throw Unknown(name),
                    });
                    break;
                case "br":
                    at = Target(instruction, operandAt, next);
                    break;
                case "brtrue" or "brfalse":
                    at = (int)stack.Pop() != 0 == (parts[0] == "brtrue") ? Target(instruction, operandAt, next) : next;
                    break;
                case "beq" or "bne" or "bge" or "bgt" or "ble" or "blt":
                    (object right, object left) = (stack.Pop(), stack.Pop());
                    at = Compare(parts[0][1..], left, right, parts.Contains("un")) ? Target(instruction, operandAt, next) : next;
                    break;
                case "ceq" or "cgt" or "clt":
                    (object second, object first) = (stack.Pop(), stack.Pop());
                    stack.Push(Compare(parts[0][1..], first, second, parts.Contains("un")) ? 1 : 0);
                    break;
                default:
                    (object y, object x) = (stack.Pop(), stack.Pop());
                    stack.Push(Operate(parts[0], x, y) ?? throw Unknown(name));
                    break;
            }
        }
    }

    private NotSupportedException Unknown(string instruction) => new($"The code of '{method.Name}' has the instruction {instruction}, which a rule does not need.");

    private static int SizeOf(OpCode instruction) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private int Token(int at) => BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));

    private int Target(OpCode instruction, int at, int next) => next + (instruction.OperandType == OperandType.ShortInlineBrTarget ? (sbyte)code[at] : Token(at));

    /// <summary>Of an argument or a local: <c>ldarg.2</c>, <c>ldarg.s 7</c> or <c>ldarg 300</c>.</summary>
    private int Position(string[] parts, int at) => parts.Length == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(code.AsSpan(at)) : parts[1] == "s" ? code[at] : parts[1][0] - '0';

    // Each value is boxed in its own type: a switch of numbers alone would have the widest of their types.

    /// <summary>Of <c>ldc.i4.m1</c>, <c>ldc.i4.3</c>, <c>ldc.i4.s</c>, <c>ldc.i4</c>, <c>ldc.r4</c> and <c>ldc.r8</c>.</summary>
    private object Constant(string[] parts, int at) => (parts[1], parts.Length > 2 ? parts[2] : "") switch
    {
        ("r4", _) => (object)BinaryPrimitives.ReadSingleLittleEndian(code.AsSpan(at)),
        ("r8", _) => (object)BinaryPrimitives.ReadDoubleLittleEndian(code.AsSpan(at)),
        ("i4", "") => (object)Token(at),
        ("i4", "s") => (object)(int)(sbyte)code[at],
        ("i4", "m1") => (object)-1,
        ("i4", var digit) => (object)(digit[0] - '0'),
        _ => throw Unknown(string.Join('.', parts)),
    };

    /// <summary>A truth value is a number on the stack.</summary>
    private static object OnStack(object value) => value is bool truth ? truth ? 1 : 0 : value;

    private static void Call(MethodBase called, Stack<object> stack)
    {
        ParameterInfo[] parameters = called.GetParameters();
        object[] given = new object[parameters.Length];
        for (int i = parameters.Length - 1; i >= 0; i--)
        {
            object value = stack.Pop();
            value = value is Slot reference ? reference.Value : value;
            given[i] = parameters[i].ParameterType == typeof(bool) ? (int)value != 0 : value;
        }

        stack.Push(OnStack(called.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, given, culture: null)!));
    }

    private static object Negate(object value) => value switch
    {
        float single => (object)-single,
        double full => (object)-full,
        _ => (object)-(int)value,
    };

    /// <summary>An unordered comparison is true where a number is NaN.</summary>
    private static bool Compare(string relation, object left, object right, bool isUnordered)
    {
        (double x, double y) = (Convert.ToDouble(left, null), Convert.ToDouble(right, null));
        return relation switch
        {
            "eq" => x == y,
            "ne" => x != y,
            "ge" => isUnordered ? !(x < y) : x >= y,
            "gt" => isUnordered ? !(x <= y) : x > y,
            "le" => isUnordered ? !(x > y) : x <= y,
            _ => isUnordered ? !(x >= y) : x < y,
        };
    }

    private static object? Operate(string operation, object left, object right) => (operation, left, right) switch
    {
        ("add", float x, float y) => (object)(x + y),
        ("sub", float x, float y) => (object)(x - y),
        ("mul", float x, float y) => (object)(x * y),
        ("div", float x, float y) => (object)(x / y),
        ("add", double x, double y) => (object)(x + y),
        ("sub", double x, double y) => (object)(x - y),
        ("mul", double x, double y) => (object)(x * y),
        ("div", double x, double y) => (object)(x / y),
        ("and", int x, int y) => (object)(x & y),
        ("or", int x, int y) => (object)(x | y),
        ("xor", int x, int y) => (object)(x ^ y),
        _ => null,
    };

    /// <summary>A place that has a value and to which there can be references: an argument, a local, or what a parameter by reference stands for.</summary>
    private sealed class Slot(object value, int? parameter)
    {
        public object Value { get; set; } = value;

        /// <summary>The position of the parameter by reference.</summary>
        public int? Parameter { get; } = parameter;
    }
}
