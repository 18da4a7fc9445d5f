using System.Numerics;
using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Takes the steps of one optimizer. What can be refused is refused first; then scalars are computed, then reductions; then every element is updated, by
/// one pass over memory.
/// </summary>
internal sealed class StepEngine<T> : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer<T> optimizer;
    private readonly StepRule<T> rule;
    private readonly RuleKernels<T> scalarKernels;
    private readonly ParameterSet<T> parameters;
    private readonly OptimizerState<T> state;
    private readonly ParameterRun<T>[] tensors;
    private readonly ParameterRun<T>[] runs;
    private readonly Division tensorDivision;
    private readonly Division runDivision;
    private readonly int[] usedGroups;
    private readonly ForeignMemory<T>[] foreignMemory;
    private readonly GradientSurvey<T> survey;
    private readonly Reductions<T>? reductions;
    private readonly ScalarStates groupStates;
    private readonly ScalarStates tensorStates;
    private readonly SkippedPieces<T> skipped;
    private readonly bool isPerTensor;
    private RuleKernels<T> kernels;
    private GradientAdjustment<T> adjustment = GradientAdjustment<T>.None;
    private bool isAdjusted;
    private bool isInPhase;
    private bool checksPieces;
    private double? gradientNorm;
    private NonFiniteGradient? nonFiniteGradient;

    public StepEngine(Optimizer<T> optimizer, StepRule<T> rule, ParameterSet<T> parameters)
    {
        (this.optimizer, this.rule, this.parameters) = (optimizer, rule, parameters);
        OptimizerDefinition definition = rule.OptimizerDefinition;
        isPerTensor = definition.PerTensor;
        state = new OptimizerState<T>(definition.States, parameters.Blocks);
        tensors = ParameterRun<T>.OfTensors(parameters);
        tensorDivision = new Division(tensors.Select(tensor => tensor.Length));
        runs = isPerTensor ? tensors : ParameterRun<T>.Of(parameters);
        runDivision = isPerTensor ? tensorDivision : new Division(runs.Select(run => run.Length));
        foreach (ParameterRun<T> run in runs.Concat(tensors))
        {
            run.States = state.Of(run.Block);
        }

        survey = new GradientSurvey<T>(parameters, tensorDivision, runs, runDivision);
        reductions = definition.Reductions.Count > 0 ? new Reductions<T>(definition.Reductions, tensors, tensorDivision, ReducePiece) : null;
        groupStates = new ScalarStates(definition.ScalarStates, StateScope.Group, parameters.Groups.Count);
        tensorStates = new ScalarStates(definition.ScalarStates, StateScope.Tensor, parameters.Count);
        skipped = new SkippedPieces<T>(parameters, runs);
        usedGroups = [.. runs.Select(run => run.Group).Distinct().Order()];
        foreignMemory = [.. parameters.Blocks.SelectMany(block => new[] { block.ValueElements.Foreign, block.GradientElements.Foreign }).OfType<ForeignMemory<T>>()];
        IsFromMemory = runDivision.ElementCount * Unsafe.SizeOf<T>() * (2 + definition.States.Count) >= Prefetch.FewestBytes;
        rule.Allocate(parameters.Groups.Count, parameters.Count);
        scalarKernels = rule.KernelsFor(InstructionSet.Scalar);
        kernels = scalarKernels;
    }

    /// <summary>Whether a step goes over more than a cache holds until the next step.</summary>
    public bool IsFromMemory { get; set; }

    /// <summary>The average of the parameters that steps keep, if there is one.</summary>
    public ParameterAverage<T>? Average { get; set; }

    /// <summary>The groups that have parameters.</summary>
    public ReadOnlySpan<int> UsedGroups => usedGroups;

    private bool FetchesAhead => IsFromMemory && Prefetch.IsIn(optimizer.InstructionSet);

    /// <summary>Chooses the kernels.</summary>
    public void Choose(InstructionSet instructionSet) =>
        kernels = instructionSet == InstructionSet.Scalar ? scalarKernels : rule.KernelsFor(instructionSet);

    /// <summary>The state stream of a parameter.</summary>
    public Span<T> StateOf(Parameter<T> parameter, int index)
    {
        state.CopyParameters(index);
        return state.Of(parameter.Block.Index)[index].Span.Slice(parameter.Offset, parameter.Length);
    }

    /// <summary>The scalar state of that name of a group or tensor; a null reference if the rule has none.</summary>
    public ref double ScalarStateOf(StateScope scope, int owner, string name) =>
        ref (scope == StateScope.Group ? groupStates : tensorStates).Find(owner, name);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public StepResult Step()
    {
        parameters.RequireReady(optimizer);
        if (foreignMemory.Length > 0)
        {
            return StepOverForeignMemory();
        }

        return Take();
    }

    void IPieceWork.Do(in Piece piece, int member) => Update(piece.Run, piece.Start, piece.Length);

    private StepResult StepOverForeignMemory()
    {
        int pinned = 0;
        try
        {
            for (; pinned < foreignMemory.Length; pinned++)
            {
                foreignMemory[pinned].Pin();
            }

            return Take();
        }
        finally
        {
            for (int i = 0; i < pinned; i++)
            {
                foreignMemory[i].Unpin();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StepResult Take()
    {
        if (!Prepare())
        {
            return new StepResult(false, gradientNorm, nonFiniteGradient);
        }

        if (runDivision.IsWorthSharing(optimizer.MaxDegreeOfParallelism) || checksPieces)
        {
            runDivision.ForEachPiece(this, optimizer.MaxDegreeOfParallelism);
        }
        else
        {
            for (int run = 0; run < runs.Length; run++)
            {
                Update(run, 0, runs[run].Length);
            }
        }

        if (!groupStates.IsEmpty)
        {
            groupStates.Commit();
        }

        if (!tensorStates.IsEmpty)
        {
            tensorStates.Commit();
        }

        optimizer.CountStep();
        if (checksPieces)
        {
            skipped.ThrowIfAny();
        }

        return new StepResult(true, gradientNorm, null);
    }

    /// <summary>Everything of a step that can be refused: no parameter and no state has been written when this returns.</summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Prepare()
    {
        long step = optimizer.StepCount + 1;
        optimizer.PrepareSettings(rule);
        if (!groupStates.IsEmpty)
        {
            groupStates.Begin();
        }

        foreach (int group in usedGroups)
        {
            rule.PrepareStep(group, step, groupStates.OfStep(group));
        }

        if (!LookAtGradients())
        {
            return false;
        }

        state.CopyParameters();
        if (reductions is not null || isPerTensor)
        {
            PrepareLate(step);
        }

        return true;
    }

    /// <summary>What a rule computes of its reductions, and for each tensor.</summary>
    private void PrepareLate(long step)
    {
        if (reductions is not null)
        {
            reductions.Compute(optimizer.MaxDegreeOfParallelism);
            foreach (int group in usedGroups)
            {
                rule.PrepareGlobal(group, step, reductions.OfEverything, groupStates.OfStep(group));
            }
        }

        if (isPerTensor)
        {
            tensorStates.Begin();
            for (int tensor = 0; tensor < tensors.Length; tensor++)
            {
                rule.PrepareTensor(
                    tensors[tensor].Group, tensor, step, tensors[tensor].Length, reductions is null ? [] : reductions.Of(tensor), tensorStates.OfStep(tensor));
            }
        }
    }

    /// <summary>Refuses gradients that are not finite, and finds out what the rule is to see of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool LookAtGradients()
    {
        (double factor, int exponent) = (optimizer.GradientScale, 0);
        (gradientNorm, nonFiniteGradient, checksPieces) = (null, null, false);
        if ((optimizer.MaxGradientNorm is not null || optimizer.NonFiniteGradients != NonFiniteGradientPolicy.Allow) && !Survey(ref factor, ref exponent))
        {
            return false;
        }

        if (factor != 1 || optimizer.MaxGradientValue is not null || isAdjusted)
        {
            adjustment = GradientAdjustment<T>.Of(factor, exponent, optimizer.MaxGradientValue ?? double.PositiveInfinity);
            isAdjusted = adjustment != GradientAdjustment<T>.None;
        }

        isInPhase = isAdjusted || optimizer.ZeroGradientsAfterStep || Average is not null || FetchesAhead;
        return true;
    }

    /// <summary>Looks at every gradient, and makes the factor that of the clipping by norm too.</summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Survey(ref double factor, ref int exponent)
    {
        NonFiniteGradientPolicy policy = optimizer.NonFiniteGradients;
        if (optimizer.MaxGradientNorm is { } maximum)
        {
            GradientNorm norm = survey.Norm(optimizer.MaxDegreeOfParallelism);
            gradientNorm = norm.Times(optimizer.GradientScale);
            (factor, exponent) = norm.Clip(optimizer.GradientScale, maximum);
            // A norm that is finite has looked at every element.
            nonFiniteGradient = policy == NonFiniteGradientPolicy.Allow || double.IsFinite(norm.Root) ? null : survey.FirstNonFinite();
        }
        else if (policy == NonFiniteGradientPolicy.StepFinitePieces && reductions is null)
        {
            checksPieces = true;
            skipped.Clear();
        }
        else
        {
            nonFiniteGradient = survey.FindNonFinite(optimizer.MaxDegreeOfParallelism);
        }

        if (nonFiniteGradient is not null && policy != NonFiniteGradientPolicy.SkipStep)
        {
            throw new NonFiniteGradientException(nonFiniteGradient);
        }

        return nonFiniteGradient is null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(int index, int start, int length)
    {
        ParameterRun<T> run = runs[index];
        if (checksPieces && !FiniteCheck.AllFinite<T>(run.OwnGradients.Slice(start, length)))
        {
            skipped.Add(index, start, length);
            return;
        }

        int whole = length & -kernels.VectorLength;
        if (isInPhase)
        {
            UpdateInPhase(run, start, whole, length);
            return;
        }

        if (whole > 0)
        {
            kernels.Update(new KernelStreams<T>(run, start, whole));
        }

        if (whole < length)
        {
            scalarKernels.Update(new KernelStreams<T>(run, start + whole, length - whole));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void UpdateInPhase(ParameterRun<T> run, int start, int whole, int length)
    {
        if (whole > 0)
        {
            UpdateInPhase(kernels, new KernelStreams<T>(run, start, whole), PhaseAt(run, start));
        }

        if (whole < length)
        {
            UpdateInPhase(scalarKernels, new KernelStreams<T>(run, start + whole, length - whole), PhaseAt(run, start + whole));
        }
    }

    /// <summary>A factor that one number cannot hold no kernel takes: it sees copies of the gradients, adjusted.</summary>
    private void UpdateInPhase(RuleKernels<T> kernels, in KernelStreams<T> streams, in StepPhase<T> phase)
    {
        if (adjustment.Exponent == 0)
        {
            kernels.UpdateInPhase(in streams, in phase);
        }
        else
        {
            scalarKernels.UpdateByCopies(in streams, in phase, adjustment);
        }
    }

    private StepPhase<T> PhaseAt(ParameterRun<T> run, int start) => Average is null
        ? new StepPhase<T>(adjustment, optimizer.ZeroGradientsAfterStep, FetchesAhead)
        : new StepPhase<T>(adjustment, optimizer.ZeroGradientsAfterStep, FetchesAhead, ref Average.At(run, start), Average.Share);

    private void ReducePiece(ParameterRun<T> tensor, in Piece piece, Span<double> results)
    {
        var phase = new StepPhase<T>(adjustment, zeroesGradients: false, fetchesAhead: false);
        int whole = piece.Length & -ReductionLanes.Count;
        KernelStreams<T> streams = new(tensor, piece.Start, whole), rest = new(tensor, piece.Start + whole, piece.Length - whole);
        if (adjustment.Exponent != 0)
        {
            var copy = new T[piece.Length];
            adjustment.Apply(tensor.OwnGradients.Slice(piece.Start, piece.Length), copy);
            streams = streams.Slice(0, copy.AsSpan(0, whole));
            rest = rest.Slice(0, copy.AsSpan(whole));
            phase = new StepPhase<T>(GradientAdjustment<T>.None, zeroesGradients: false, fetchesAhead: false);
        }

        for (int i = 0; i < results.Length; i++)
        {
            var lanes = default(ReductionLanes);
            if (whole > 0)
            {
                kernels.Reduce(i, in streams, in phase, ref lanes[0]);
            }

            if (whole < piece.Length)
            {
                scalarKernels.Reduce(i, in rest, in phase, ref lanes[0]);
            }

            results[i] = rule.OptimizerDefinition.Reductions[i].Reduction == Reduction.MaxAbs ? lanes.Max() : lanes.Sum();
        }
    }
}
