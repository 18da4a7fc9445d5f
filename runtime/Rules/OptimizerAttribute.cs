namespace OptimGen;

/// <summary>
/// Marks a partial class as an optimizer. The rest of the declaration is either a stack of stage attributes on the class
/// (<see cref="EwaAttribute"/>, <see cref="RmsNormalizeAttribute"/>, …) or one method marked <see cref="UpdateRuleAttribute"/>;
/// with neither, the rule is plain gradient descent, θ ← θ − η·g.
/// </summary>
/// <remarks>
/// The source generator turns the class into an <see cref="Optimizer{T}"/> with one fused kernel for each instruction set.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptimizerAttribute : Attribute
{
    /// <summary>The initial value of the <c>LearningRate</c> property (η) of a rule that is a stack of attributes. Default: 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>
    /// For a rule that is a method: whether <c>a * b + c</c> is contracted to a fused multiply-add, which rounds once, on every
    /// instruction set. Default: <see langword="false"/>, so that the kernel gives the same bits as the method run as plain C#. Rules
    /// that are stacks of attributes always use fused multiply-adds.
    /// </summary>
    public bool Contract { get; set; }

    /// <summary>
    /// The element type of a rule that is a stack of attributes: <c>typeof(float)</c>, the default, or <c>typeof(double)</c>. A rule that is a method has the
    /// type that the method returns.
    /// </summary>
    public Type? ElementType { get; set; }

    /// <summary>
    /// The unroll factor: the number of vectors that one iteration of the kernels' main loop updates, from 1 to 8. Default: 0; the generator chooses one,
    /// and a comment in the generated file says why.
    /// </summary>
    public int Unroll { get; set; }

    /// <summary>
    /// In which form states are kept between steps that do not say it themselves (<see cref="StateAttribute.Storage"/>). Default:
    /// <see cref="Storage.Native"/>. Others are for rules in single precision.
    /// </summary>
    public Storage StateStorage { get; set; }

    /// <summary>How states are rounded to that form. Default: <see cref="StorageRounding.Stochastic"/>.</summary>
    public StorageRounding StateRounding { get; set; }

    /// <summary>
    /// Whether kernels are generated that decode and encode states, parameters and gradients in fewer bits in registers, for forms that are chosen at run
    /// time (<see cref="OptimizerOptions.StateStorage"/>, <see cref="ParameterStorage"/>). Default: <see langword="false"/>. A rule whose states are all declared to be kept in one such form
    /// has them without being asked. A rule without them has every form too, with the same bits; its steps decode to memory and take longer.
    /// </summary>
    public bool StorageKernels { get; set; }

    /// <summary>
    /// Whether kernels are generated that update a list of rows in one call, for parameters that are updated by rows
    /// (<see cref="Optimizer{T}.UpdateByRows"/>). Default: <see langword="false"/>. Without them every rule works by rows too, with the same bits, by a call
    /// for each row. A rule with states of rows (<see cref="StateGranularity.Row"/>) uses them in steps over whole parameters too. A rule with reductions has none, because
    /// it cannot be used by rows.
    /// </summary>
    public bool RowKernels { get; set; }
}
