using System.Runtime.InteropServices;
using OptimGen;

namespace TorchStep;

/// <summary>
/// The C interface, documented in torch_step.h. Exceptions do not cross it: a function returns 0, or −1 after an error whose message
/// <c>torch_step_error</c> gives. An optimizer is used by one thread at a time.
/// </summary>
internal static unsafe class NativeInterface
{
    /// <summary>The message of the last error of this thread, in UTF-8, in unmanaged memory.</summary>
    [ThreadStatic]
    private static nint message;

    [UnmanagedCallersOnly(EntryPoint = "torch_step_create")]
    public static int Create(int groupCount, int tensorCount, int* groupOf, long* lengths, float** values, float** gradients, nint* optimizer)
    {
        try
        {
            var list = new TensorList(groupCount, new(groupOf, tensorCount), new(lengths, tensorCount), new Addresses(values, gradients));
            *optimizer = GCHandle.ToIntPtr(GCHandle.Alloc(list));
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_set")]
    public static int Set(nint optimizer, int group, byte* name, double value)
    {
        try
        {
            Of(optimizer).SetHyperparameter(group, Text(name), value);
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_set_threads")]
    public static int SetThreads(nint optimizer, int count)
    {
        try
        {
            Of(optimizer).Optimizer.MaxDegreeOfParallelism = count;
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_set_check")]
    public static int SetCheck(nint optimizer, int check)
    {
        try
        {
            Of(optimizer).Optimizer.NonFiniteGradients = check != 0 ? NonFiniteGradientPolicy.Throw : NonFiniteGradientPolicy.Allow;
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_step")]
    public static int Step(nint optimizer, float** values, float** gradients)
    {
        try
        {
            Of(optimizer).Step(new Addresses(values, gradients));
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_state")]
    public static int State(nint optimizer, int tensor, byte* name, float** state)
    {
        try
        {
            *state = Of(optimizer).AddressOfState(tensor, Text(name));
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_get_count")]
    public static long GetCount(nint optimizer) => Of(optimizer).Optimizer.StepCount;

    [UnmanagedCallersOnly(EntryPoint = "torch_step_set_count")]
    public static int SetCount(nint optimizer, long count)
    {
        try
        {
            Of(optimizer).Optimizer.StepCount = count;
            return 0;
        }
        catch (Exception error)
        {
            return Fail(error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "torch_step_free")]
    public static void Free(nint optimizer) => GCHandle.FromIntPtr(optimizer).Free();

    [UnmanagedCallersOnly(EntryPoint = "torch_step_error")]
    public static nint Error() => message;

    private static TensorList Of(nint optimizer) => (TensorList)GCHandle.FromIntPtr(optimizer).Target!;

    private static string Text(byte* name) => Marshal.PtrToStringUTF8((nint)name) ?? "";

    private static int Fail(Exception error)
    {
        Marshal.FreeCoTaskMem(message);
        message = Marshal.StringToCoTaskMemUTF8(error.Message);
        return -1;
    }
}
