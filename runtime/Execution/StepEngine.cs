using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Takes the steps of one optimizer: checks hyperparameters, computes the scalars of the step, checks the gradients, computes the reductions, and then
/// updates every element in one pass over memory. Everything that can refuse the step runs before the first store to parameters or state.
/// </summary>
internal sealed partial class StepEngine<T> : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The value of <see cref="preparedStep"/> when no step's scalars are computed.</summary>
    private const long NoStep = -1;

    /// <summary>
    /// The number of elements that are checked before they are updated (<see cref="NonFiniteGradientPolicy.StepFinitePieces"/>). The gradients of a tile,
    /// 16 KiB in single precision, stay in the first-level cache from the check to the update.
    /// </summary>
    private const int CheckedTile = 4096;

    private readonly Optimizer<T> optimizer;
    private readonly StepRule<T> rule;
    private readonly RuleKernels<T> scalarKernels;
    private readonly ParameterSet<T> parameters;
    private readonly OptimizerState<T> state;
    private readonly ParameterRun<T>[] tensors;
    private readonly Division tensorDivision;
    private readonly int[] usedGroups;
    private readonly IPinnedMemory[] foreignMemory;
    private readonly Reductions<T>? reductions;
    private readonly ScalarStates groupStates;
    private readonly ScalarStates tensorStates;
    private readonly bool isPerTensor;
    private readonly bool preparesSteps;
    private readonly bool preparesAhead;
    private readonly RankStep<T>? ranks;
    private ParameterRun<T>[] runs;
    private ParameterRun<T>[] checkedRuns;
    private Division runDivision;
    private GradientScan<T> gradientScan;
    private SkippedPieces<T> skipped;
    private bool areAllTiled;

    /// <summary>The number of the step whose scalars have been computed ahead.</summary>
    private long preparedStep = NoStep;
    private RuleKernels<T> kernels;
    private GradientAdjustment<T> adjustment = GradientAdjustment<T>.None;
    private bool isAdjusted;

    /// <summary>
    /// Whether kernels run by <see cref="RuleKernels{T}.UpdateInPhase"/>, because the step does more than the rule: scaling, clipping, zeroing, averaging
    /// or prefetching.
    /// </summary>
    private bool isInPhase;

    /// <summary>Whether each piece is checked just before its update (<see cref="NonFiniteGradientPolicy.StepFinitePieces"/>).</summary>
    private bool checksPieces;
    private double? gradientNorm;
    private NonFiniteGradient? nonFiniteGradient;

    public StepEngine(Optimizer<T> optimizer, StepRule<T> rule, ParameterSet<T> parameters, OptimizerOptions options)
    {
        (this.optimizer, this.rule, this.parameters) = (optimizer, rule, parameters);
        OptimizerDefinition definition = rule.OptimizerDefinition;
        (isPerTensor, preparesSteps, preparesAhead) = (definition.PerTensor, rule.PreparesSteps, rule.PreparesSteps && rule.CanPrepareAhead);
        tensors = ParameterRun<T>.OfTensors(parameters);
        tensorDivision = new Division(tensors.Select(tensor => tensor.Length));
        ranks = options.Communicator is { Size: > 1 } communicator ? new RankStep<T>(communicator, parameters, tensors, tensorDivision, definition, options) : null;
        state = new OptimizerState<T>(definition.States, parameters, options, ranks is null ? null : ranks.PartOf);
        foreach (ParameterRun<T> tensor in tensors)
        {
            state.AttachTo(tensor);
        }

        tables = new RowTable<T>?[tensors.Length];
        rowStateOrder = rule.AssignedRowStates.ToArray();
        rowsOf = HasRowStates ? RowsOfTensors() : [];
        Divide();
        reductions = definition.Reductions.Count > 0
            ? new Reductions<T>(definition.Reductions, tensors, tensorDivision, ReducePiece, ranks?.Results)
            : null;
        groupStates = new ScalarStates(definition.ScalarStates, StateScope.Group, parameters.Groups.Count);
        tensorStates = new ScalarStates(definition.ScalarStates, StateScope.Tensor, parameters.Count);
        usedGroups = [.. tensors.Select(tensor => tensor.Group).Distinct().Order()];
        foreignMemory = [.. parameters.Blocks.SelectMany(block => block.Foreign)];
        rule.Allocate(parameters.Groups.Count, parameters.Count);
        scalarKernels = rule.KernelsFor(InstructionSet.Scalar);
        kernels = scalarKernels;
    }

    /// <summary>
    /// Whether the working set of a step (parameters, gradients and states) is too large to stay in the last-level cache until the next step, so that it
    /// is loaded from memory. Set from <see cref="Prefetch.FewestBytes"/>; tests override it.
    /// </summary>
    public bool IsFromMemory { get; set; }

    /// <summary>The moving average of the parameters that each step updates; <see langword="null"/> if there is none.</summary>
    public ParameterAverage<T>? Average { get; set; }

    /// <summary>The state streams.</summary>
    public OptimizerState<T> State => state;

    /// <summary>The groups that have parameters.</summary>
    public ReadOnlySpan<int> UsedGroups => usedGroups;

    private bool FetchesAhead => IsFromMemory && Prefetch.IsIn(optimizer.InstructionSet);

    /// <summary>Whether the kernels prefetch; where there are tiles, they do.</summary>
    private bool KernelsFetchAhead => FetchesAhead && !areAllTiled;

    /// <summary>Has the following steps use the kernels of an instruction set.</summary>
    public void SelectKernels(InstructionSet instructionSet)
    {
        kernels = instructionSet == InstructionSet.Scalar ? scalarKernels : rule.KernelsFor(instructionSet);
        coder = StorageCoder.For(instructionSet);
        SelectStoredUpdates();
        if (HasTables || HasRowStates)
        {
            SelectRowKernels();
        }
    }

    /// <summary>The elements of a parameter in the state stream at a position in the definition; with ranks, a copy that comes from all of them.</summary>
    public Span<T> StateOf(Parameter<T> parameter, int index)
    {
        state.CopyParameters(index);
        return ranks is null ? state.Read(parameter, index) : GatherState(ranks, parameter, index);
    }

    /// <summary>Sets the elements of a parameter in the state stream at a position in the definition.</summary>
    public void SetState(Parameter<T> parameter, int index, ReadOnlySpan<T> values)
    {
        state.CopyParameters(index);
        state.Write(parameter, index, values);
    }

    /// <summary>The scalar state of that name of a group or tensor; a null reference if the rule has none.</summary>
    public ref double ScalarStateOf(StateScope scope, int owner, string name) =>
        ref (scope == StateScope.Group ? groupStates : tensorStates).Find(owner, name);

    public StepResult Step()
    {
        parameters.AddAddends();
        return ranks is null ? StepHere() : StepOverRanks(ranks, areSummed: false);
    }

    /// <summary>A step of one process.</summary>
    private StepResult StepHere()
    {
        parameters.RequireReady(optimizer);
        if (foreignMemory.Length > 0)
        {
            return StepOverForeignMemory();
        }

        return TakeStep();
    }

    /// <summary>Cuts the parameters into runs and pieces, without those that are updated by rows.</summary>
    [MemberNotNull(nameof(runs), nameof(checkedRuns), nameof(runDivision), nameof(gradientScan), nameof(skipped))]
    private void Divide()
    {
        // A block of an encoded state belongs to one tensor, and so does a piece that a rank owns. Ranks skip pieces as one process would, whose runs may be longer.
        checkedRuns = isPerTensor || HasRowStates || state.HasStoredStates || parameters.Blocks.Any(block => block.IsStored)
            ? [.. tensors.Where(tensor => tables[tensor.Tensor] is null)]
            : ParameterRun<T>.Of(parameters, tensor => tables[tensor] is null);
        runs = ranks is null ? checkedRuns : tensors;
        foreach (ParameterRun<T> run in runs)
        {
            state.AttachTo(run);
        }

        BindGradients();
        runDivision = ranks?.Slices.Own
            ?? (HasRowStates ? Division.OfRows(runs.Select(run => (run.Length, rowsOf[run.Tensor].Width))) : new Division(runs.Select(run => run.Length)));
        gradientScan = new GradientScan<T>(parameters, tensors, tensorDivision, runs, runDivision, tables, ranks?.Results);
        skipped = new SkippedPieces<T>(parameters, checkedRuns);
        IsFromMemory = runDivision.ElementCount * Unsafe.SizeOf<T>() * (2 + rule.OptimizerDefinition.States.Count) >= Prefetch.FewestBytes;
    }

    void IPieceWork.Do(in Piece piece) => Update(piece.Run, piece.Start, piece.Length);

    /// <summary>Updates elements of one run, after a check of each tile if the policy asks for it.</summary>
    private void Update(int run, int start, int length)
    {
        if (checksPieces)
        {
            UpdateFiniteTiles(run, start, length);
        }
        else
        {
            UpdateElements(runs[run], start, length);
            if (sums is not null && optimizer.ZeroGradientsAfterStep)
            {
                ZeroGradients(runs[run], start, length);
            }
        }
    }

    private void UpdateFiniteTiles(int index, int start, int length)
    {
        ParameterRun<T> run = runs[index];
        for (int end = start + length; start < end; start += CheckedTile)
        {
            int count = Math.Min(CheckedTile, end - start);
            if (!UpdateIfFinite(run, start, count))
            {
                skipped.Add(index, start, count);
            }
        }
    }

    /// <summary>Updates the elements of a tile, unless a gradient is not finite.</summary>
    /// <returns>Whether it has.</returns>
    private bool UpdateIfFinite(ParameterRun<T> run, int start, int length)
    {
        if (AddsInStep)
        {
            return UpdateIfSumIsFinite(run, start, length);
        }

        bool isFinite = FiniteCheck.AllFinite(run, start, length, IsFromMemory);
        if (isFinite)
        {
            UpdateElements(run, start, length);
        }

        return isFinite;
    }

    /// <summary>A step with wrapped memory pinned from before the first load until after the last store.</summary>
    private StepResult StepOverForeignMemory()
    {
        int pinned = 0;
        try
        {
            Pin(ref pinned);
            return TakeStep();
        }
        finally
        {
            Unpin(pinned);
        }
    }

    /// <summary>Pins wrapped memory, and counts what has been pinned should it throw.</summary>
    private void Pin(ref int pinned)
    {
        for (; pinned < foreignMemory.Length; pinned++)
        {
            foreignMemory[pinned].Pin();
        }
    }

    private void Unpin(int pinned)
    {
        for (int i = 0; i < pinned; i++)
        {
            foreignMemory[i].Unpin();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StepResult TakeStep()
    {
        if (!Prepare())
        {
            return new StepResult(false, gradientNorm, nonFiniteGradient);
        }

        if (runDivision.IsWorthSharing(optimizer.MaxDegreeOfParallelism))
        {
            runDivision.ForEachPiece(this, optimizer.MaxDegreeOfParallelism, merges: true);
        }
        else
        {
            for (int run = 0; run < runs.Length; run++)
            {
                Update(run, 0, runs[run].Length);
            }
        }

        if (HasTables)
        {
            UpdateTables();
        }

        Commit();
        if (checksPieces)
        {
            skipped.ThrowIfAny();
        }

        return new StepResult(true, gradientNorm, null);
    }

    /// <summary>Ends a step that was taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit()
    {
        if (!groupStates.IsEmpty)
        {
            groupStates.Commit();
        }

        if (!tensorStates.IsEmpty)
        {
            tensorStates.Commit();
        }

        optimizer.CountStep();
        if (preparesAhead)
        {
            PrepareAhead(optimizer.StepCount + 1);
        }
    }

    /// <summary>
    /// Does everything that can refuse the step. No parameter has been written when this returns, nor any state, except that a state that starts as a
    /// copy of the parameters may have been given that first value.
    /// </summary>
    /// <returns>Whether the step is to be taken; <see langword="false"/> skips it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Prepare()
    {
        long step = optimizer.StepCount + 1;
        PrepareScalars(step);
        return PrepareElements(step);
    }

    /// <summary>Checks the gradients, and computes what depends on elements.</summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool PrepareElements(long step)
    {
        if (!CheckGradients())
        {
            return false;
        }

        if (state.LacksCopies)
        {
            state.CopyParameters();
        }

        if (reductions is not null || isPerTensor)
        {
            PrepareAfterReductions(step);
        }

        if (HasTables)
        {
            KeepStep(step);
        }

        return true;
    }
}
