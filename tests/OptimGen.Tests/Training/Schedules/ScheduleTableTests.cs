using System.Text.Json;

namespace OptimGen.Tests.Training;

/// <summary>
/// Every schedule that has a namesake in torch or optax, against the namesake's published formula: schedule_tables.py, beside this file, computes the
/// tables in plain Python, and names formula and source of each. The value for torch's and optax's k is that for n = k + 1 here.
/// </summary>
public class ScheduleTableTests
{
    private static readonly Dictionary<string, Schedule> Schedules = Make();

    private static readonly Dictionary<string, double[]> Tables = Read();

    public static TheoryData<string> Names => [.. Tables.Keys];

    [Fact]
    public void EveryTable_HasASchedule() => Assert.Equal(Tables.Keys.Order(), Schedules.Keys.Order());

    [Theory, MemberData(nameof(Names))]
    public void Values_AreThoseOfTheTable(string name)
    {
        double[] table = Tables[name];
        double largest = table.Max(Math.Abs);
        for (int k = 0; k < table.Length; k++)
        {
            // Both round every operation to 2⁻⁵³ of values that are no larger than the largest.
            double value = Schedules[name].ValueAt(k + 1);
            Assert.True(
                Math.Abs(value - table[k]) <= 4e-15 * largest,
                FormattableString.Invariant($"{name} at k = {k} is {value:R}; the table has {table[k]:R}. {Schedules[name]}"));
        }
    }

    private static Dictionary<string, Schedule> Make()
    {
        (Schedule cosineRate, Schedule cosineMomentum) = Schedule.OneCycle(0.1, 20);
        (Schedule linearRate, Schedule linearMomentum) = Schedule.OneCycle(0.2, 17, 0.25, 10, 100, 0.8, 0.9, Annealing.Linear);
        return new()
        {
            ["LinearLR"] = Schedule.Linear(0.5 / 3, 0.5, 5),
            ["linear_schedule"] = Schedule.Linear(0.1, 0.01, 7),
            ["polynomial_schedule"] = Schedule.Polynomial(1, 0.1, 8, power: 2.5),
            ["PolynomialLR"] = Schedule.Polynomial(0.1, 0, 6, power: 2),
            ["CosineAnnealingLR"] = Schedule.Cosine(0.1, 0.001, 20),
            ["cosine_decay_schedule"] = Schedule.Cosine(0.1, 0.05 * 0.1, 9),
            ["CosineAnnealingWarmRestarts"] = Schedule.CosineWithWarmRestarts(0.1, 0.001, 3, 2),
            ["CosineAnnealingWarmRestarts of one length"] = Schedule.CosineWithWarmRestarts(0.1, 0, 4),
            ["OneCycleLR cos"] = cosineRate,
            ["OneCycleLR cos, momentum"] = cosineMomentum,
            ["OneCycleLR linear"] = linearRate,
            ["OneCycleLR linear, momentum"] = linearMomentum,
            ["OneCycleLR without a rise"] = Schedule.OneCycle(0.1, 8, peak: 0).LearningRate,
            ["OneCycleLR without a fall"] = Schedule.OneCycle(0.1, 8, peak: 1).LearningRate,
            ["StepLR"] = Schedule.Staircase(0.8, 3),
            ["MultiStepLR"] = Schedule.MultiStep(0.5, [3, 5, 9]),
            ["ExponentialLR"] = Schedule.Exponential(0.1, 0.9).Scaled(1 / 0.9),
            ["CyclicLR triangular"] = Schedule.Cyclic(0.01, 0.1, 4, 6),
            ["CyclicLR triangular2"] = Schedule.Cyclic(0.01, 0.1, 5, factorPerCycle: 0.5),
            ["CyclicLR exp_range"] = Schedule.Cyclic(0.01, 0.1, 4, 2, factorPerCount: 0.97),
            ["piecewise_interpolate_schedule"] = Schedule.PiecewiseLinear([(1, 1), (4, 0.5), (9, 0.05)]),
            ["piecewise_constant_schedule"] = Schedule.PiecewiseConstant([(1, 1), (4, 0.5), (9, 0.05)]),
            ["warmup_cosine_decay_schedule"] = Schedule.Cosine(0.3, 0.01, 20).WithLinearWarmup(5, 0.02),
            ["SequentialLR of LinearLR and StepLR"] = Schedule.Staircase(0.4, 2).WithLinearWarmup(4, 0.1),
            ["exponential_decay before a constant"] = Schedule.Constant(0.1).WithExponentialWarmup(6, 0.001),
            ["warm-up, stable, linear decay"] = Schedule.WarmupStableDecay(0.3, 4, 5, 6),
            ["warm-up, stable, 1 - sqrt decay"] = Schedule.WarmupStableDecay(0.3, 4, 5, 6, final: 0.03, tail: Annealing.OneMinusSquareRoot),
        };
    }

    private static Dictionary<string, double[]> Read()
    {
        using Stream stream = typeof(ScheduleTableTests).Assembly.GetManifestResourceStream("schedule_tables.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, double[]>>(stream)!;
    }
}
