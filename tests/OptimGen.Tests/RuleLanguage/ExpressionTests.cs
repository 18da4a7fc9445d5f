using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Each expression of the rule language, against the same computed by hand.</summary>
public sealed partial class ExpressionTests
{
    [Optimizer]
    private sealed partial class Arithmetic
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter * 0.5f - gradient / 3 + (gradient - parameter) * -gradient;
    }

    [Fact]
    public void Arithmetic_RoundsAfterEachOperation() => Computes(p => new Arithmetic(p), (parameter, gradient) =>
    {
        float half = parameter * 0.5f, third = gradient / 3f, difference = gradient - parameter, product = difference * -gradient;
        float left = half - third;
        return left + product;
    });

    [Optimizer]
    private sealed partial class ArithmeticInDouble
    {
        [UpdateRule]
        private static double Update(double parameter, double gradient) => parameter * 0.1 - gradient / 3 + (gradient - parameter) * -gradient;
    }

    [Fact]
    public void Arithmetic_InDouble() => Computes(p => new ArithmeticInDouble(p), (parameter, gradient) =>
    {
        double left = (parameter * 0.1) - (gradient / 3.0), right = (gradient - parameter) * -gradient;
        return left + right;
    });

    [Optimizer]
    private sealed partial class Association
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            parameter - (gradient - (parameter - (gradient - 1))) - parameter / (gradient / (parameter * 2)) - (parameter + gradient) + (-(gradient + 1) - -parameter);
    }

    [Fact]
    public void Parentheses_AreKept() => Computes(p => new Association(p), (p, g) =>
    {
        float a = g - 1, b = p - a, c = g - b, d = p - c;
        float e = p * 2, f = g / e, h = p / f;
        float i = p + g, j = g + 1, k = -j, l = -p, m = k - l;
        return d - h - i + m;
    });

    [Optimizer]
    private sealed partial class Signs
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => +parameter * (+1f) + -(-(-gradient)) * 0 - (-0f);
    }

    [Fact]
    public void UnaryMinus_FlipsTheSignOfZeroToo()
    {
        Computes(p => new Signs(p), (p, g) => p + (-g * 0f) + 0f);
        Computes(p => new NegatedGradient(p), (_, g) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(g) ^ int.MinValue));
    }

    [Optimizer]
    private sealed partial class NegatedGradient
    {
        [UpdateRule]
        private static float Update(float gradient) => -gradient;
    }

    [Optimizer]
    private sealed partial class NegatedInlinedZero
    {
        private static float Negate(float x) => -x;

        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter * 0 * gradient + Negate(-0f) + Negate(0f);
    }

    [Fact]
    public void NegativeZero_CanBeNegated() => Computes(p => new NegatedInlinedZero(p), (p, g) => p * 0f * g + 0f + -0f);

    [Optimizer]
    private sealed partial class Constants
    {
        private const float Rate = 0.25f;
        private const double InDouble = 0.1;
        private const int Two = 2;
        private static readonly float Offset = MathF.Sqrt(2);

        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            const float local = 3;
            return parameter - Rate * gradient * Two + Offset * local - (float)InDouble + Elsewhere.Scale * Elsewhere.Shift + (1 - Rate) - float.Epsilon + (float)Math.PI;
        }
    }

    private static class Elsewhere
    {
        public const float Scale = 7;
        public static readonly float Shift = 1 / 3f;
    }

    [Fact]
    public void Constants_OfEveryKind() => Computes(
        p => new Constants(p), (p, g) => p - 0.25f * g * 2f + MathF.Sqrt(2) * 3f - 0.1f + 7f * (1 / 3f) + 0.75f - float.Epsilon + 3.14159274f);

    [Optimizer]
    private sealed partial class StaticInDouble
    {
        private static readonly double Third = 1.0 / 3;

        [UpdateRule]
        private static double Update(double parameter, double gradient) => parameter - Third * gradient * 1e-300 + 1 - double.Epsilon;
    }

    [Fact]
    public void Constants_InDouble() => Computes(p => new StaticInDouble(p), (p, g) => p - 1.0 / 3 * g * 1e-300 + 1 - double.Epsilon);

    [Optimizer]
    private sealed partial class OnlyAConstant
    {
        [UpdateRule]
        private static float Update() => 42;
    }

    [Fact]
    public void ARule_CanBeAConstant() => Computes(p => new OnlyAConstant(p), (_, _) => 42);

    [Optimizer]
    private sealed partial class InfiniteConstants
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            gradient > float.MaxValue ? float.NaN : gradient < -float.MaxValue ? float.NegativeInfinity : -float.PositiveInfinity * parameter;
    }

    [Fact]
    public void Constants_CanBeInfiniteOrNaN() => Computes(
        p => new InfiniteConstants(p),
        (p, g) => float.IsPositiveInfinity(g) ? float.NaN : float.IsNegativeInfinity(g) ? g : float.NegativeInfinity * p);

    [Optimizer]
    private sealed partial class Comparisons
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            (parameter < gradient ? 1f : 0f) + (parameter <= gradient ? 2f : 0f) + (parameter > gradient ? 4f : 0f) + (parameter >= gradient ? 8f : 0f)
            + (parameter == gradient ? 16f : 0f) + (parameter != gradient ? 32f : 0f);
    }

    [Fact]
    public void Comparisons_AreFalseForNaN_ExceptNotEqual() => Computes(
        p => new Comparisons(p), (p, g) => float.IsNaN(p) || float.IsNaN(g) ? 32 : p == g ? 26 : p < g ? 35 : 44);

    [Optimizer]
    private sealed partial class Logic
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            bool positive = gradient > 0, large = MathF.Abs(parameter) >= 1;
            bool both = positive && large, either = positive || large;
            bool neither = !(positive | large), eager = positive & !large, always = true, never = false;
            return (both ? 1 : 0) + (either ? 2f : 0f) + (neither ? 4f : 0f) + (eager ? 8f : 0f) + (always ? 16f : 0f) + (never && positive || !always ? 32f : 0f)
                + (!!positive ? 64f : 0f) + (positive && !large || !positive && large ? 128f : 0f);
        }
    }

    [Fact]
    public void Logic_OfTruthValues() => Computes(p => new Logic(p), (p, g) => (g > 0, Math.Abs(p) >= 1) switch
    {
        (true, true) => 1 + 2 + 16 + 64,
        (true, false) => 2 + 8 + 16 + 64 + 128,
        (false, true) => 2 + 16 + 128,
        (false, false) => 4 + 16,
    });

    [Optimizer]
    private sealed partial class Choices
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            gradient > 1 ? parameter > 1 ? parameter - 1 : parameter < -1 ? parameter + 1 : 0 : (gradient < -1 ? parameter : gradient) * (parameter == 0 ? 2 : 3);
    }

    [Fact]
    public void Choices_CanBeNested() => Computes(
        p => new Choices(p),
        (p, g) => g > 1 ? (p > 1 ? p - 1 : p < -1 ? p + 1 : 0f) : g < -1 ? p * (p == 0 ? 2f : 3f) : g * (p == 0 ? 2f : 3f));

    [Optimizer]
    private sealed partial class ChosenTruths
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            bool chosen = parameter > 0 ? gradient > 1 : gradient < -1;
            return (chosen ? gradient > 5 : gradient < 0) ? parameter : -parameter;
        }
    }

    [Fact]
    public void Choices_CanBeOfTruthValues() => Computes(
        p => new ChosenTruths(p), (p, g) => ((p > 0 && g > 1) || (!(p > 0) && g < -1) ? g > 5 : g < 0) ? p : -p);

    [Optimizer]
    private sealed partial class Functions
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            MathF.Sqrt(MathF.Abs(gradient)) + float.Sqrt(float.Abs(parameter)) + Math.Abs(gradient) + MathF.CopySign(parameter, gradient)
            + float.CopySign(2, parameter) + MathF.FusedMultiplyAdd(parameter, gradient, 0.1f) + float.FusedMultiplyAdd(gradient, gradient, -parameter);
    }

    [Fact]
    public void Functions_AreThoseOfMathF() => Computes(p => new Functions(p), (p, g) =>
    {
        float sum = MathF.Sqrt(MathF.Abs(g)) + MathF.Sqrt(MathF.Abs(p));
        sum += MathF.Abs(g);
        sum += float.IsNegative(g) ? -MathF.Abs(p) : MathF.Abs(p);
        sum += float.IsNegative(p) ? -2 : 2;
        sum += MathF.FusedMultiplyAdd(p, g, 0.1f);
        return sum + MathF.FusedMultiplyAdd(g, g, -p);
    });

    [Optimizer]
    private sealed partial class FunctionsInDouble
    {
        [UpdateRule]
        private static double Update(double parameter, double gradient) =>
            Math.Sqrt(Math.Abs(gradient)) + double.Max(parameter, gradient) + Math.Min(parameter, 1) + Math.CopySign(parameter, gradient)
            + Math.FusedMultiplyAdd(parameter, gradient, 0.1) + Math.Clamp(gradient, -1, 1);
    }

    [Fact]
    public void Functions_InDouble() => Computes(p => new FunctionsInDouble(p), (p, g) =>
    {
        double sum = Math.Sqrt(Math.Abs(g)) + Math.Max(p, g);
        sum += Math.Min(p, 1.0);
        sum += double.IsNegative(g) ? -Math.Abs(p) : Math.Abs(p);
        sum += Math.FusedMultiplyAdd(p, g, 0.1);
        return sum + (g < -1 ? -1 : g > 1 ? 1 : g);
    });

    [Optimizer]
    private sealed partial class Smaller
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => MathF.Min(parameter, gradient);
    }

    [Optimizer]
    private sealed partial class Larger
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => Math.Max(parameter, gradient);
    }

    [Fact]
    public void MinAndMax_GiveNaNForNaN_AndOrderTheZeros()
    {
        Computes(p => new Smaller(p), (p, g) =>
            float.IsNaN(p) || float.IsNaN(g) ? float.NaN : p == 0 && g == 0 ? (float.IsNegative(p) ? p : g) : p < g ? p : g);
        Computes(p => new Larger(p), (p, g) =>
            float.IsNaN(p) || float.IsNaN(g) ? float.NaN : p == 0 && g == 0 ? (float.IsNegative(p) ? g : p) : p > g ? p : g);
    }

    [Optimizer]
    private sealed partial class SmallerThanNegativeZero
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => MathF.CopySign(MathF.Min(gradient, -0f), Math.Min(-0f, parameter));
    }

    [Optimizer]
    private sealed partial class SmallerThanNegativeZeroInDouble
    {
        [UpdateRule]
        private static double Update(double parameter, double gradient) => Math.CopySign(Math.Min(gradient, -0d), double.Min(-0d, parameter));
    }

    /// <summary>Not compared with the method as plain C#: .NET 10 computes the minimum of +0 and a constant −0 as +0.</summary>
    [Fact]
    public void Min_OfAConstantNegativeZero_OrdersTheZeros()
    {
        ComputesOnEverySet(p => new SmallerThanNegativeZero(p), (p, g) => float.CopySign(g >= 0 ? 0 : g, float.IsNaN(p) ? p : -1));
        ComputesOnEverySet(p => new SmallerThanNegativeZeroInDouble(p), (p, g) => double.CopySign(g >= 0 ? 0 : g, double.IsNaN(p) ? p : -1));
    }

    [Optimizer]
    private sealed partial class Clamped
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => Math.Clamp(gradient, -0.5f, 0.5f) + Math.Clamp(parameter, 0, 2);
    }

    [Fact]
    public void Clamp_LetsNaNThrough() => Computes(
        p => new Clamped(p), (p, g) => (g < -0.5f ? -0.5f : g > 0.5f ? 0.5f : g) + (p < 0 ? 0 : p > 2 ? 2 : p));

    [Optimizer]
    private sealed partial class ClampedToNothing
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => Math.Clamp(parameter, 1, gradient);
    }

    [Fact]
    public void Clamp_WithBoundsInTheWrongOrder_IsLeftOutOfTheCheck() =>
        Assert.True(RuleCheck.Require(p => new ClampedToNothing(p)).ThrowingElements > 0);

    [Optimizer]
    private sealed partial class SignOfGradient
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => MathF.Sign(gradient) * parameter + float.Sign(parameter);
    }

    [Fact]
    public void Sign_IsMinusOneZeroOrOne_AndNaNForNaN() => Computes(p => new SignOfGradient(p), (p, g) =>
        float.IsNaN(p + g) ? SignOrNaN(g) * p + SignOrNaN(p) : Math.Sign(g) * p + Math.Sign(p));

    private static float SignOrNaN(float x) => float.IsNaN(x) ? x : Math.Sign(x);

    [Optimizer]
    private sealed partial class ComparedSign
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => MathF.Sign(gradient) == MathF.Sign(parameter) ? MathF.Sign(gradient) > 0 ? 3 : 2 : 1;
    }

    [Fact]
    public void Sign_CanBeCompared() => Computes(
        p => new ComparedSign(p), (p, g) => SignOrNaN(p) == SignOrNaN(g) ? SignOrNaN(g) > 0 ? 3 : 2 : 1);

    [Optimizer]
    private sealed partial class Casts
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => (float)(parameter - (float)0.1 * (float)gradient) + (float)3;
    }

    [Fact]
    public void Casts_ToTheElementTypeItself_AreNothing() => Computes(p => new Casts(p), (p, g) => p - 0.1f * g + 3);

    [Optimizer]
    private sealed partial class UniformExpressions
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

        [Hyperparameter] public float Rho { get; set; } = 0.9f;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float learningRate, float rho, float step) =>
            parameter * (1 - rho * learningRate) - (learningRate > 0.05f && rho < 1 ? learningRate / (1 - rho) : rho) * gradient
            + MathF.Max(rho, -learningRate) * MathF.Sign(learningRate - rho) / step;
    }

    [Fact]
    public void WhatIsTheSameForEveryElement_IsComputedInTheElementType() => Computes(p => new UniformExpressions(p), (p, g) =>
    {
        float rho = 0.9f, rate = 0.1f;
        float shrink = 1 - rho * rate, size = rate / (1 - rho);
        return p * shrink - size * g + rho * -1f / 1f;
    });

    [Optimizer]
    private sealed partial class CheckedContext
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => checked(parameter - unchecked(gradient * 0.5f));
    }

    [Fact]
    public void CheckedMeansNothingForNumbersOfThisKind() => Computes(p => new CheckedContext(p), (p, g) => p - g * 0.5f);
}
