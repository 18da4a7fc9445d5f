using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>The names in the kernels of a rule, which are the same for every instruction set.</summary>
internal sealed class KernelBodies(StepProgram program)
{
    public KernelBody[] Updates { get; } = Of(program, program.Updates);

    public KernelBody[] PhaseUpdates { get; } = Of(program, program.PhaseUpdates);

    public KernelBody[] StoredUpdates { get; } = Of(program, program.StoredUpdates);

    public KernelBody[] RowUpdates { get; } = Of(program, program.RowUpdates);

    public KernelBody[] Reductions { get; } = Of(program, program.Reductions);

    public KernelBody[] RowMeans { get; } = Of(program, program.RowMeans);

    public KernelBody[] RowListMeans { get; } = Of(program, program.RowListMeans);

    public IEnumerable<KernelBody> All => [.. Updates, .. PhaseUpdates, .. StoredUpdates, .. RowUpdates, .. Reductions, .. RowMeans, .. RowListMeans];

    private static KernelBody[] Of(StepProgram program, EquatableArray<Kernel> kernels) => kernels.Select(kernel => new KernelBody(program, kernel)).ToArray();
}
