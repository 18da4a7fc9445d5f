using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// How kernels name the platform's types: simply, with using directives; or in full, where the user's code means something else by one
/// of the names.
/// </summary>
internal sealed class PlatformNames(bool qualified)
{
    private const string CompilerServices = "System.Runtime.CompilerServices";
    private const string Intrinsics = "System.Runtime.Intrinsics";

    /// <summary>Every simple name that a kernel uses.</summary>
    public static readonly string[] All =
    [
        "Unsafe", "MethodImpl", "MethodImplAttribute", "MethodImplOptions",
        .. KernelTarget.All.Select(target => target.VectorType),
        .. KernelTarget.All.SelectMany(target => target.Guards).Select(guard => guard.Split('.')[1]),
    ];

    public string Unsafe => Of(CompilerServices, "Unsafe");

    public string OptimizedAtOnce => MethodImpl("AggressiveOptimization");

    public string OptimizedAlone => MethodImpl("AggressiveOptimization", "NoInlining");

    public string Vector(KernelTarget target) => Of(Intrinsics, target.VectorType);

    /// <param name="guard">Namespace and name of a class, as in <see cref="KernelTarget.Guards"/>.</param>
    public string Guard(string guard) => Of($"{Intrinsics}.{guard.Split('.')[0]}", guard.Split('.')[1]);

    /// <summary>The using directives that the simple names need.</summary>
    public IEnumerable<string> Usings(KernelTarget target)
    {
        string[] namespaces = target.VectorBits == 0
            ? [CompilerServices]
            : [CompilerServices, Intrinsics, .. target.Guards.Select(guard => $"{Intrinsics}.{guard.Split('.')[0]}").Distinct()];
        return qualified ? [] : namespaces.Select(one => $"using {one};");
    }

    private string MethodImpl(params string[] options) =>
        $"[{Of(CompilerServices, "MethodImpl")}({string.Join(" | ", options.Select(option => $"{Of(CompilerServices, "MethodImplOptions")}.{option}"))})]";

    private string Of(string @namespace, string name) => qualified ? $"global::{@namespace}.{name}" : name;
}
