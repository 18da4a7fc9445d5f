namespace OptimGen.Tests.Training;

/// <summary>Schedules of every kind, which differ from each other in one parameter at least.</summary>
internal static class ScheduleCatalogue
{
    private static readonly double[] LongList = [.. Enumerable.Range(0, 17).Select(i => 1.0 / (i + 1))];

    private static readonly (long, double)[] LongPoints = [.. LongList.Select((value, i) => ((long)(2 * i) + 1, value))];

    /// <summary>Made anew at each call, so that equal schedules are not the same object.</summary>
    public static Schedule[] Make(ScheduleUnit unit) =>
    [
        Schedule.Constant(0.1, unit), Schedule.Constant(0.2, unit),
        Schedule.InverseTime(0.1, 0.5, unit), Schedule.InverseTime(0.2, 0.5, unit), Schedule.InverseTime(0.1, 0.25, unit),
        Schedule.Exponential(0.1, 0.9, unit), Schedule.Exponential(0.2, 0.9, unit), Schedule.Exponential(0.1, 0.8, unit),
        Schedule.InverseSquareRoot(0.1, 1, unit), Schedule.InverseSquareRoot(0.2, 1, unit), Schedule.InverseSquareRoot(0.1, 3, unit),
        Schedule.Staircase(0.1, 3, 0.5, unit), Schedule.Staircase(0.2, 3, 0.5, unit), Schedule.Staircase(0.1, 4, 0.5, unit), Schedule.Staircase(0.1, 3, 0.6, unit),
        Schedule.MultiStep(0.1, [3, 5], 0.1, unit), Schedule.MultiStep(0.2, [3, 5], 0.1, unit), Schedule.MultiStep(0.1, [3, 6], 0.1, unit),
        Schedule.MultiStep(0.1, [3, 5], 0.2, unit), Schedule.MultiStep(0.1, [3], 0.1, unit),
        Schedule.MultiStep(0.1, [.. LongPoints.Select(point => point.Item1)], 0.9, unit),
        Schedule.MultiStep(0.1, [.. LongPoints.Select(point => point.Item1 + 1)], 0.9, unit),
        Schedule.Manual([0.1, 0.2], unit), Schedule.Manual([0.1, 0.3], unit), Schedule.Manual([0.15], unit), Schedule.Manual(LongList, unit),
        Schedule.Manual([.. LongList.SkipLast(1), 0.7], unit), Schedule.Manual(n => 1.0 / n, unit, "1/n"),
        Schedule.Linear(0.1, 0.01, 7, unit), Schedule.Linear(0.2, 0.01, 7, unit), Schedule.Linear(0.1, 0.02, 7, unit), Schedule.Linear(0.1, 0.01, 8, unit),
        Schedule.Polynomial(0.1, 0.01, 7, 2, unit), Schedule.Polynomial(0.2, 0.01, 7, 2, unit), Schedule.Polynomial(0.1, 0.02, 7, 2, unit),
        Schedule.Polynomial(0.1, 0.01, 8, 2, unit), Schedule.Polynomial(0.1, 0.01, 7, 2.5, unit),
        Schedule.Cosine(0.1, 0.01, 7, unit), Schedule.Cosine(0.2, 0.01, 7, unit), Schedule.Cosine(0.1, 0.02, 7, unit), Schedule.Cosine(0.1, 0.01, 8, unit),
        Schedule.CosineWithWarmRestarts(0.1, 0.01, 3, 1, unit), Schedule.CosineWithWarmRestarts(0.2, 0.01, 3, 1, unit),
        Schedule.CosineWithWarmRestarts(0.1, 0.02, 3, 1, unit), Schedule.CosineWithWarmRestarts(0.1, 0.01, 4, 1, unit),
        Schedule.CosineWithWarmRestarts(0.1, 0.01, 3, 2, unit), Schedule.CosineWithWarmRestarts(0.1, 0.01, 3, 3, unit),
        .. Pair(Schedule.OneCycle(0.1, 20, unit: unit)), Schedule.OneCycle(0.2, 20, unit: unit).LearningRate, .. Pair(Schedule.OneCycle(0.1, 30, unit: unit)),
        .. Pair(Schedule.OneCycle(0.1, 20, 0.4, unit: unit)), Schedule.OneCycle(0.1, 20, divisor: 20, unit: unit).LearningRate,
        Schedule.OneCycle(0.1, 20, finalDivisor: 100, unit: unit).LearningRate, Schedule.OneCycle(0.1, 20, minimumMomentum: 0.8, unit: unit).Momentum,
        Schedule.OneCycle(0.1, 20, maximumMomentum: 0.9, unit: unit).Momentum, .. Pair(Schedule.OneCycle(0.1, 20, shape: Annealing.Linear, unit: unit)),
        .. Pair(Schedule.OneCycle(0.1, 20, shape: Annealing.OneMinusSquareRoot, unit: unit)),
        Schedule.WarmupStableDecay(0.1, 3, 4, 5, unit: unit), Schedule.WarmupStableDecay(0.2, 3, 4, 5, unit: unit), Schedule.WarmupStableDecay(0.1, 4, 4, 5, unit: unit),
        Schedule.WarmupStableDecay(0.1, 3, 5, 5, unit: unit), Schedule.WarmupStableDecay(0.1, 3, 4, 6, unit: unit),
        Schedule.WarmupStableDecay(0.1, 3, 4, 5, initial: 0.01, unit: unit), Schedule.WarmupStableDecay(0.1, 3, 4, 5, final: 0.01, unit: unit),
        Schedule.WarmupStableDecay(0.1, 3, 4, 5, tail: Annealing.Cosine, unit: unit),
        Schedule.WarmupStableDecay(0.1, 3, 4, 5, tail: Annealing.OneMinusSquareRoot, unit: unit), Schedule.WarmupStableDecay(0.1, 0, 0, 5, unit: unit),
        Schedule.Cyclic(0.01, 0.1, 4, unit: unit), Schedule.Cyclic(0.02, 0.1, 4, unit: unit), Schedule.Cyclic(0.01, 0.2, 4, unit: unit),
        Schedule.Cyclic(0.01, 0.1, 5, unit: unit), Schedule.Cyclic(0.01, 0.1, 4, 5, unit: unit), Schedule.Cyclic(0.01, 0.1, 4, factorPerCycle: 0.5, unit: unit),
        Schedule.Cyclic(0.01, 0.1, 4, factorPerCount: 0.5, unit: unit),
        Schedule.PiecewiseLinear([(1, 0.1), (5, 0.2)], unit), Schedule.PiecewiseLinear([(1, 0.1), (6, 0.2)], unit),
        Schedule.PiecewiseLinear([(1, 0.1), (5, 0.3)], unit), Schedule.PiecewiseLinear(LongPoints, unit), Schedule.PiecewiseLinear([.. LongPoints.SkipLast(1), (33, 0.7)], unit),
        Schedule.PiecewiseLinear([.. LongPoints.SkipLast(1), (34, LongList[^1])], unit),
        Schedule.PiecewiseConstant([(1, 0.1), (5, 0.2)], unit), Schedule.PiecewiseConstant(LongPoints, unit),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit), 3), Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit), 4),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.4, unit), 3), Schedule.Linear(0.1, 0.25, 4, unit).Then(Schedule.Constant(0.3, unit), 3),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit).Then(Schedule.Constant(0.4, unit), 5), 3),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit), 3).Then(Schedule.Constant(0.4, unit), 5),
        Schedule.Linear(0.1, 0.2, 4, unit).Scaled(3), Schedule.Linear(0.1, 0.2, 4, unit).Scaled(4),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit), 3).Scaled(3),
        Schedule.Linear(0.1, 0.2, 4, unit).Then(Schedule.Constant(0.3, unit).Scaled(3), 3),
        Schedule.Cosine(0.1, 0, 9, unit).WithLinearWarmup(4), Schedule.Cosine(0.1, 0, 9, unit).WithLinearWarmup(5),
        Schedule.Cosine(0.1, 0, 9, unit).WithLinearWarmup(4, 0.01), Schedule.Cosine(0.2, 0, 9, unit).WithLinearWarmup(4),
        Schedule.Cosine(0.1, 0, 9, unit).WithExponentialWarmup(4, 0.01), Schedule.Cosine(0.1, 0, 9, unit).WithExponentialWarmup(5, 0.01),
        Schedule.Cosine(0.1, 0, 9, unit).WithExponentialWarmup(4, 0.02), Schedule.Cosine(0.2, 0, 9, unit).WithExponentialWarmup(4, 0.01),
    ];

    private static Schedule[] Pair((Schedule LearningRate, Schedule Momentum) cycle) => [cycle.LearningRate, cycle.Momentum];
}
