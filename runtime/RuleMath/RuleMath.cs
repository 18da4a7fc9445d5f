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
/// The result for an element depends on that element alone. Every function consists of correctly rounded IEEE operations, fused multiply-adds included,
/// and has no branch. Every NaN result has the same bits, those of <see cref="double.NaN"/> or <see cref="float.NaN"/>. Subnormal arguments are not
/// treated as zero, and subnormal results are not flushed to zero.
/// </para>
/// <para>
/// A rule calls the scalar overloads, and the kernels call the vector overloads in their place. The vector overloads can also be called directly. On a
/// processor without fused multiply-add the results are the same, but slow. Errors are given in units in the last place (ulp) of the exact result.
/// </para>
/// </remarks>
public static partial class RuleMath;
