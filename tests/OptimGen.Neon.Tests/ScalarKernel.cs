using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>The scalar kernel of a rule, to be called here on any elements: the reference of the NEON kernel of the same name.</summary>
internal sealed class ScalarKernel
{
    private readonly Invocation invocation;
    private readonly bool returnsSum;

    public ScalarKernel(MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        Element = parameters[0].ParameterType.GetElementType()!;
        HasPhase = parameters[^1].Name == "phase";
        returnsSum = method.ReturnType == typeof(double);
        StreamCount = parameters.Length - (HasPhase ? 3 : 2);
        invocation = Compile(method);
    }

    private delegate double Invocation(Array[] streams, nint count, byte[] scalars, byte[] phase);

    /// <summary><see cref="float"/> or <see cref="double"/>.</summary>
    public Type Element { get; }

    /// <summary>The number of streams that the kernel is handed.</summary>
    public int StreamCount { get; }

    /// <summary>Whether it does what surrounds the rule, and so is handed a phase with one more stream, the averages.</summary>
    public bool HasPhase { get; }

    /// <summary>Whether it is a reduction.</summary>
    public bool Reduces => returnsSum;

    /// <summary>Runs the kernel over whole arrays, in place.</summary>
    /// <param name="streams">The streams; the averages, if there are any, last.</param>
    /// <param name="scalars">The rule's <c>Scalars</c>, as they lie in memory.</param>
    /// <param name="phase">The phase as it lies in memory, without the address of the averages.</param>
    /// <returns>What a reduction returns, or 0.</returns>
    public double Run(Array[] streams, byte[] scalars, byte[] phase)
    {
        if (!HasPhase)
        {
            return invocation(streams, streams[0].Length, scalars, phase);
        }

        var averages = GCHandle.Alloc(streams[^1], GCHandleType.Pinned);
        byte[] addressed = [.. BitConverter.GetBytes((long)averages.AddrOfPinnedObject()), .. phase.AsSpan(sizeof(long))];
        double result = invocation(streams, streams[0].Length, scalars, addressed);
        averages.Free();
        return result;
    }

    /// <summary>A method that hands references to first elements, and to bytes in place of structs, which C# has no text for.</summary>
    private Invocation Compile(MethodInfo method)
    {
        var dynamic = new DynamicMethod(
            method.Name, typeof(double), [typeof(Array[]), typeof(nint), typeof(byte[]), typeof(byte[])], method.Module, skipVisibility: true);
        ILGenerator code = dynamic.GetILGenerator();
        MethodInfo reference = typeof(MemoryMarshal).GetMethod(nameof(MemoryMarshal.GetArrayDataReference), 1, [Type.MakeGenericMethodParameter(0).MakeArrayType()])!;
        for (int stream = 0; stream < StreamCount; stream++)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldc_I4, stream);
            code.Emit(OpCodes.Ldelem_Ref);
            code.Emit(OpCodes.Castclass, Element.MakeArrayType());
            code.Emit(OpCodes.Call, reference.MakeGenericMethod(Element));
        }

        code.Emit(OpCodes.Ldarg_1);
        foreach (OpCode bytes in HasPhase ? (OpCode[])[OpCodes.Ldarg_2, OpCodes.Ldarg_3] : [OpCodes.Ldarg_2])
        {
            code.Emit(bytes);
            code.Emit(OpCodes.Call, reference.MakeGenericMethod(typeof(byte)));
        }

        code.Emit(OpCodes.Call, method);
        if (!returnsSum)
        {
            code.Emit(OpCodes.Ldc_R8, 0.0);
        }

        code.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Invocation>();
    }
}
