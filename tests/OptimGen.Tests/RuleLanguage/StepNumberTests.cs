using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>The number of the step, t, as the update, a scalar method or a reduction takes it: it is another one at each step.</summary>
public sealed partial class StepNumberTests
{
    [Optimizer]
    private sealed partial class Harmonic
    {
        [Hyperparameter]
        public float LearningRate { get; set; } = 1;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float learningRate, float step) => parameter - learningRate / step * gradient;
    }

    [Optimizer]
    private sealed partial class InEveryMethod
    {
        [PerStep]
        private static void Prepare(long step, double learningRate, out double rate) => rate = learningRate / step;

        [Hyperparameter]
        public float LearningRate { get; set; } = 1;

        [Reduce(Reduction.Sum)]
        private static float Steps(float gradient, float step) => step + 0 * gradient;

        [PerTensor]
        private static void Scale(double step, double steps, long elementCount, out double scale) => scale = steps / elementCount - step + 1;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float rate, float scale) => parameter - rate * scale * gradient;
    }

    [Fact]
    public void TheRateOfAStep_IsDividedByItsNumber()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var optimizer = new Harmonic(SetOf(3)) { InstructionSet = set };
            Assert.Equal([2], optimizer.StepOn(1));
            Assert.Equal([1.5f], optimizer.StepOn(1));
            Assert.Equal([1.5f - (1 / 3f)], optimizer.StepOn(1));
        }

        Agrees(p => new Harmonic(p));
    }

    [Fact]
    public void EveryMethod_TakesTheSameNumber()
    {
        var optimizer = new InEveryMethod(SetOf(3, 3));
        Assert.Equal([2, 2], optimizer.StepOn(1, 1));
        Assert.Equal([1.5f, 1.5f], optimizer.StepOn(1, 1));
        Agrees(p => new InEveryMethod(p));
    }

    [Fact]
    public void SettingTheNumber_GoesOnFromThere()
    {
        var optimizer = new Harmonic(SetOf(3)) { StepCount = 3 };
        Assert.Equal([2.75f], optimizer.StepOn(1));
        Assert.Equal(4, optimizer.StepCount);
        optimizer.StepCount = 1;
        Assert.Equal([2.25f], optimizer.StepOn(1));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(optimizer.StepCount), () => optimizer.StepCount = -1);
    }

    [Fact]
    public void ALateStep_AgreesToo() => RuleCheck.Require(p => new Harmonic(p) { StepCount = 1_000_000 });
}
