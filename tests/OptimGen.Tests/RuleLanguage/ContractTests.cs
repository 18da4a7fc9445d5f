using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>A contracted rule gives the bits of the same rule with its fused multiply-adds written out.</summary>
public sealed partial class ContractTests
{
    [Optimizer(Contract = true)]
    private sealed partial class Contracted
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

        [Hyperparameter] public float Rho { get; set; } = 0.9f;

        private static float Blend(float a, float b, float weight) => weight * a + (1 - weight) * b;

        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float average, float learningRate, float rho)
        {
            average = Blend(average, gradient, rho);
            float x = parameter - learningRate * average;
            x += gradient * gradient;
            x -= gradient * parameter;
            if (x > gradient * 2 + 1)
            {
                x = gradient * x - 3;
            }

            float product = x * x;
            return -(x * 3) + gradient + (product + 1) + (1 - rho * learningRate);
        }
    }

    [Optimizer]
    private sealed partial class WrittenOut
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

        [Hyperparameter] public float Rho { get; set; } = 0.9f;

        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float average, float learningRate, float rho)
        {
            average = MathF.FusedMultiplyAdd(rho, average, (1 - rho) * gradient);
            float x = MathF.FusedMultiplyAdd(-learningRate, average, parameter);
            x = MathF.FusedMultiplyAdd(gradient, gradient, x);
            x = MathF.FusedMultiplyAdd(-gradient, parameter, x);
            if (x > MathF.FusedMultiplyAdd(gradient, 2, 1))
            {
                x = MathF.FusedMultiplyAdd(gradient, x, -3f);
            }

            // A product that is negated, or assigned to a variable, is not contracted.
            float product = x * x;
            return -(x * 3) + gradient + (product + 1) + MathF.FusedMultiplyAdd(-rho, learningRate, 1);
        }
    }

    [Fact]
    public void Contract_EqualsFusedMultiplyAddsWrittenOut()
    {
        Assert.Equal(RuleCheckReference.ScalarKernel, RuleCheck.Require(p => new Contracted(p) { NonFiniteGradients = NonFiniteGradientPolicy.Allow }).Reference);
        Agrees(p => new WrittenOut(p));
        float[] values = new float[1000], gradients = new float[1000];
        new RuleInputs<float>(1).Fill(values, InputRange.Small);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var contracted = new Contracted(SetOf(values)) { InstructionSet = set };
            var writtenOut = new WrittenOut(SetOf(values)) { InstructionSet = set };
            for (int step = 0; step < 4; step++)
            {
                new RuleInputs<float>(step).Fill(gradients, InputRange.Small);
                float[] expected = writtenOut.StepOn(gradients), actual = contracted.StepOn(gradients);
                for (int i = 0; i < values.Length; i++)
                {
                    SameBits(expected[i], actual[i], $"{set}, step {step}, element {i}");
                }
            }
        }
    }

    [Optimizer]
    private sealed partial class NotContracted
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter * gradient - 1;
    }

    [Optimizer(Contract = false)]
    private sealed partial class NorThis
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter * gradient - 1;
    }

    [Fact]
    public void WithoutContract_ProductAndSumAreRoundedEach()
    {
        // (1 + 2⁻¹²)² − 1 loses its last term when the product is rounded.
        float x = 1 + (1f / 4096);
        Assert.Equal([2f / 4096], new NotContracted(SetOf(x)).StepOn(x));
        Assert.Equal([2f / 4096], new NorThis(SetOf(x)).StepOn(x));
        Assert.Equal([(2f / 4096) + (1f / 16777216)], new FusedByName(SetOf(x)).StepOn(x));
        Assert.True(new Contracted(SetOf(1)).Definition.Contract);
        Assert.False(new NotContracted(SetOf(1)).Definition.Contract);
    }

    [Optimizer(Contract = true)]
    private sealed partial class FusedByName
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter * gradient - 1;
    }
}
