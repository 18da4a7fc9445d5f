global using Eight = OptimGen.Elementary<
    OptimGen.EightLanes, System.Runtime.Intrinsics.Vector512<double>, System.Runtime.Intrinsics.Vector512<ulong>, System.Runtime.Intrinsics.Vector512<double>>;
global using Four = OptimGen.Elementary<
    OptimGen.FourLanes, System.Runtime.Intrinsics.Vector256<double>, System.Runtime.Intrinsics.Vector256<ulong>, System.Runtime.Intrinsics.Vector256<double>>;
global using One = OptimGen.Elementary<OptimGen.OneLane, double, ulong, bool>;
global using Two = OptimGen.Elementary<
    OptimGen.TwoLanes, System.Runtime.Intrinsics.Vector128<double>, System.Runtime.Intrinsics.Vector128<ulong>, System.Runtime.Intrinsics.Vector128<double>>;

namespace OptimGen;

/// <summary>
/// Elementary functions for update rules, with the same bits on every processor and in every width of vector: a rule that calls one gives the same
/// parameters everywhere. <see cref="Math"/> and <see cref="MathF"/> take these functions from the platform's C library, whose bits differ.
/// </summary>
/// <remarks>
/// <para>
/// An element's result depends on that element alone. Every function is made of correctly rounded IEEE operations, fused multiply-adds included,
/// and has no branch. Every NaN among the results is the same one, <see cref="double.NaN"/> or <see cref="float.NaN"/>. Subnormal numbers are neither
/// taken for zero nor flushed to it.
/// </para>
/// <para>
/// In a rule, call them with scalars; the kernels call the overloads for vectors, which are for use by hand too. On a processor without fused
/// multiply-add they are right, and slow. An error is given in units in the last place (ulp) of the exact result.
/// </para>
/// </remarks>
public static partial class RuleMath;
