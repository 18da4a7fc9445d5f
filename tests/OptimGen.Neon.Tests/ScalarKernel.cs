using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>The scalar kernel of a rule, to be called here on any elements: the reference of the NEON kernel of the same name.</summary>
internal sealed class ScalarKernel
{
    private const string StreamSuffix = "Stream", Count = "count";

    private readonly Invocation invocation;

    public ScalarKernel(MethodInfo method)
    {
        string[] names = [.. method.GetParameters().Select(parameter => parameter.Name!)];
        Element = method.GetParameters()[0].ParameterType.GetElementType()!;
        Streams = [.. names.TakeWhile(name => name != Count).Select(name => name[..name.LastIndexOf(StreamSuffix, StringComparison.Ordinal)])];
        Blocks = names[(Streams.Count + 1)..];
        invocation = Compile(method);
    }

    private delegate void Invocation(Array[] streams, nint start, nint count, byte[][] blocks);

    /// <summary><see cref="float"/> or <see cref="double"/>.</summary>
    public Type Element { get; }

    /// <summary>The names of the streams that the kernel is handed, in order.</summary>
    public IReadOnlyList<string> Streams { get; }

    /// <summary>The names of what it is handed after the count, each by its address: some of <c>group</c>, <c>tensor</c>, <c>phase</c> and <c>lanes</c>.</summary>
    public IReadOnlyList<string> Blocks { get; }

    /// <summary>Whether it is a reduction.</summary>
    public bool Reduces => Blocks.Contains(KernelInputs.Lanes);

    /// <summary>Runs the kernel over some elements of arrays, in place.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="blocks">What <see cref="Blocks"/> names, as it lies in memory.</param>
    public void Run(Array[] streams, int start, int count, byte[][] blocks) => invocation(streams, start, count, blocks);

    /// <summary>A method that hands references to elements, and to bytes in place of structs, which C# has no text for.</summary>
    private Invocation Compile(MethodInfo method)
    {
        var dynamic = new DynamicMethod(
            method.Name, typeof(void), [typeof(Array[]), typeof(nint), typeof(nint), typeof(byte[][])], method.Module, skipVisibility: true);
        ILGenerator code = dynamic.GetILGenerator();
        MethodInfo reference = typeof(MemoryMarshal).GetMethod(nameof(MemoryMarshal.GetArrayDataReference), 1, [Type.MakeGenericMethodParameter(0).MakeArrayType()])!;
        MethodInfo add = typeof(Unsafe).GetMethod(nameof(Unsafe.Add), 1, [Type.MakeGenericMethodParameter(0).MakeByRefType(), typeof(nint)])!;
        for (int stream = 0; stream < Streams.Count; stream++)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, stream);
            code.Emit(OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Castclass, Element.MakeArrayType());
            code.Emit(OpCodes.Call, reference.MakeGenericMethod(Element));
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, add.MakeGenericMethod(Element));
        }

        code.Emit(OpCodes.Ldarg_2);
        for (int block = 0; block < Blocks.Count; block++)
        {
            code.Emit(OpCodes.Ldarg_3);
            code.Emit(OpCodes.Ldc_I4, block);
            code.Emit(OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Call, reference.MakeGenericMethod(typeof(byte)));
        }

        code.Emit(OpCodes.Call, method);
        code.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Invocation>();
    }
}
