using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Scalars that a rule computes once a step, for each group or for each tensor.</summary>
public sealed partial class PerStepTests
{
    [Optimizer]
    private sealed partial class RunningProduct
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.5f;

        [Hyperparameter(Min = 0, Max = 1)] public float Beta { get; set; } = 0.9f;

        [PerStep]
        private static void Prepare(long step, double beta, [State(InitialValue = 1)] ref double product, [State] ref double calls, out double correction)
        {
            product *= beta;
            calls++;
            correction = 1 / (1 - product) + 1000 * (calls - step);
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float learningRate, float correction) => parameter - learningRate * correction * gradient;
    }

    [Fact]
    public void PerStep_KeepsScalarState_InDouble()
    {
        Agrees(p => new RunningProduct(p));
        var optimizer = new RunningProduct(SetOf(0));
        double product = 1;
        float expected = 0;
        for (int step = 1; step <= 30; step++)
        {
            product *= 0.9;
            float size = 0.5f * (float)(1 / (1 - product));
            expected -= size * 2;
            Assert.Equal([expected], optimizer.StepOn(2));
        }
    }

    [Fact]
    public void ARefusedStep_LeavesScalarStateAlone()
    {
        var optimizer = new RunningProduct(SetOf(0, 0));
        var untroubled = new RunningProduct(SetOf(0, 0));
        for (int step = 1; step <= 6; step++)
        {
            Assert.Throws<NonFiniteGradientException>(() => optimizer.StepOn(1, float.NaN));
            optimizer.Beta = 2;
            Assert.StartsWith("Beta of group", Assert.Throws<InvalidOperationException>(() => optimizer.StepOn(1, 2)).Message, StringComparison.Ordinal);
            optimizer.Beta = 0.9f;
            optimizer.LearningRate = float.NaN;
            Assert.StartsWith("LearningRate of group", Assert.Throws<InvalidOperationException>(() => optimizer.StepOn(1, 2)).Message, StringComparison.Ordinal);
            optimizer.LearningRate = 0.5f;
            Assert.Equal(step - 1, optimizer.StepCount);
            Assert.Equal(untroubled.StepOn(1, 2), optimizer.StepOn(1, 2));
        }
    }

    [Fact]
    public void AScalarThatIsNotFinite_IsRefused_AndNamed()
    {
        var optimizer = new RunningProduct(SetOf(5)) { Beta = 1 };
        ArithmeticException exception = Assert.Throws<ArithmeticException>(() => optimizer.StepOn(1));
        Assert.Contains("correction", exception.Message, StringComparison.Ordinal);
        Assert.Equal(5, optimizer.Parameters["w"].Values[0]);
        optimizer.Beta = 0.5f;
        Assert.Equal([5 - 0.5f * 2], optimizer.StepOn(1));
    }

    [Optimizer]
    private sealed partial class FourKernels
    {
        [PerStep]
        private static void Choose(long step, out bool odd, out bool late)
        {
            odd = step % 2 == 1;
            late = step > 2;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, bool odd, bool late, [State] ref float count)
        {
            if (!late)
            {
                return odd ? parameter - gradient : parameter + 2 * gradient;
            }

            count = odd || gradient > 0 ? count + 1 : count;
            if (odd && gradient < 100)
            {
                parameter -= 3 * gradient;
            }
            else
            {
                parameter -= 4 * gradient;
            }

            return parameter;
        }
    }

    [Fact]
    public void Flags_ChooseBetweenKernels()
    {
        Agrees(p => new FourKernels(p));
        var optimizer = new FourKernels(SetOf(0, 0));
        Assert.Equal([-1, -100], optimizer.StepOn(1, 100));
        Assert.Equal([1, 100], optimizer.StepOn(1, 100));
        Assert.Equal([-2, -300], optimizer.StepOn(1, 100));
        Assert.Equal([-6, -700], optimizer.StepOn(1, 100));
        Assert.Equal([2, 2], optimizer.StateOf("count"));
    }

    [Optimizer]
    private sealed partial class SeveralMethods
    {
        [Hyperparameter] public float Rate { get; set; } = 0.25f;

        [PerStep]
        private static void First(double rate, double step, out double size, out float single)
        {
            size = rate * step;
            single = (float)step;
        }

        [PerStep]
        private static void Second(double size, out double half) => half = size / 2;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float half, float single, float size, float step) =>
            parameter - half * gradient + single * 100 + size * 0 + step * 1000;
    }

    [Fact]
    public void SeveralMethods_TakeWhatEarlierOnesHandOut()
    {
        Agrees(p => new SeveralMethods(p));
        var optimizer = new SeveralMethods(SetOf(0));
        Assert.Equal([-1 + 100 + 1000], optimizer.StepOn(8));
        Assert.Equal([1099 - 2 + 200 + 2000], optimizer.StepOn(8));
    }

    [Optimizer]
    private sealed partial class InDouble
    {
        [Hyperparameter] public double Rate { get; set; } = 0.1;

        [PerStep]
        private static void Prepare(double rate, out double size, out float coarse) => (size, coarse) = (rate / 3, 0.1f);

        [UpdateRule]
        private static double Update(double parameter, double gradient, double size, double coarse, double rate) => parameter - size * gradient + coarse * rate;
    }

    [Fact]
    public void PerStep_InARuleOfDouble() => Computes(p => new InDouble(p), (p, g) => p - 0.1 / 3 * g + 0.1f * 0.1);

    [Optimizer]
    private sealed partial class Widened
    {
        [Hyperparameter] public float Beta { get; set; } = 0.999f;

        [PerStep]
        private static void Prepare(double beta, out double rest) => rest = 1 - beta;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float rest) => rest;
    }

    [Fact]
    public void AHyperparameterInSinglePrecision_MeansItsShortestDecimal() => Computes(p => new Widened(p), (_, _) => (float)(1 - 0.999));

    [Optimizer]
    private sealed partial class AnyCode
    {
        private static readonly double[] Table = [0.5, 0.25, 0.125];

        [PerStep]
        private static void Prepare(long step, out double size)
        {
            size = 1;
            foreach (double entry in Table)
            {
                if (step-- > 0)
                {
                    size *= entry;
                }
            }

            size = Math.Pow(size, 1.0);
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float size) => parameter - size * gradient;
    }

    [Fact]
    public void PerStep_IsAnyCSharp()
    {
        var optimizer = new AnyCode(SetOf(0));
        Assert.Equal([-32], optimizer.StepOn(64));
        Assert.Equal([-40], optimizer.StepOn(64));
        Assert.Equal([-41], optimizer.StepOn(64));
        Assert.Equal([-42], optimizer.StepOn(64));
    }

    [Fact]
    public void Groups_HaveScalarsOfTheirOwn()
    {
        ParameterSet parameters = SetOf(0);
        ParameterGroup<float> fast = parameters.AddGroup("fast");
        Parameter<float> v = fast.Add("v", 1);
        var optimizer = new RunningProduct(parameters);
        optimizer.For(fast).Beta = 0.5f;
        optimizer.For(fast).LearningRateScale = 2;
        float w = 0, expected = 0;
        for (int step = 1; step <= 4; step++)
        {
            v.Gradients[0] = 3;
            w -= 0.5f * (float)(1 / (1 - Power(0.9, step))) * 3;
            expected -= 1f * (float)(1 / (1 - Power(0.5, step))) * 3;
            Assert.Equal([w], optimizer.StepOn(3));
            Assert.Equal(expected, v.Values[0]);
        }

        optimizer.For(fast).Beta = null;
        optimizer.For(fast).LearningRateScale = 1;
        // The scalar state of the group, a product, is multiplied by the optimizer's β from here on.
        v.Gradients[0] = 3;
        optimizer.StepOn(3);
        Assert.Equal(expected - (0.5f * (float)(1 / (1 - (Power(0.5, 4) * 0.9))) * 3), v.Values[0]);
        Agrees(p =>
        {
            var checkedOptimizer = new RunningProduct(p);
            checkedOptimizer.For(p.Groups[1]).Beta = 0.25f;
            return checkedOptimizer;
        });
    }

    [Optimizer]
    private sealed partial class ByTensor
    {
        [PerTensor]
        private static void Prepare(long elementCount, long step, [State(InitialValue = 10)] ref double seen, out double size, out bool isSmall)
        {
            seen += elementCount;
            size = seen;
            isSmall = elementCount < 3 && step > 1;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, float size, bool isSmall) => isSmall ? -size : size + 0 * parameter;
    }

    [Fact]
    public void PerTensor_HasTheElementCount_AndStateForEachTensor()
    {
        Agrees(p => new ByTensor(p));
        ParameterSet parameters = SetOf(0, 0);
        Parameter<float> v = parameters.Add("v", 3, 2);
        Parameter<float> wrapped = parameters.Wrap("wrapped", new float[5], new float[5]);
        var optimizer = new ByTensor(parameters);
        Assert.Equal([12, 12], optimizer.StepOn(0, 0));
        Assert.All(v.Values.ToArray(), value => Assert.Equal(16, value));
        Assert.All(wrapped.Values.ToArray(), value => Assert.Equal(15, value));
        Assert.Throws<NonFiniteGradientException>(() => optimizer.StepOn(float.NaN, 0));
        Assert.Equal([-14, -14], optimizer.StepOn(0, 0));
        Assert.All(v.Values.ToArray(), value => Assert.Equal(22, value));
    }

    [Optimizer]
    private sealed partial class BothScopes
    {
        [PerStep]
        private static void ForGroup([State] ref double count, out double inGroup)
        {
            count += 1;
            inGroup = count;
        }

        [PerTensor]
        private static void ForTensor([State(InitialValue = 100)] ref double count, double inGroup, out double inTensor)
        {
            count += 10;
            inTensor = count + inGroup;
        }

        [UpdateRule]
        private static float Update(float inTensor) => inTensor;
    }

    [Fact]
    public void StateOfTheSameName_ForGroupsAndTensors()
    {
        Agrees(p => new BothScopes(p));
        var optimizer = new BothScopes(SetOf(0));
        Assert.Equal([111], optimizer.StepOn(0));
        Assert.Equal([122], optimizer.StepOn(0));
    }

    private static double Power(double x, int n) => n == 0 ? 1 : Power(x, n - 1) * x;
}
