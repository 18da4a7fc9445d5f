using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Calls of the user's own static methods.</summary>
public sealed partial class InliningTests
{
    [Optimizer]
    private sealed partial class Nested
    {
        private static float Square(float x) => x * x;

        private static float SumOfSquares(float x, float y) => Square(x) + Square(y);

        [UpdateRule]
        private static float Update(float parameter, float gradient) => parameter - MathF.Sqrt(SumOfSquares(gradient + 1, Square(parameter))) + Square(Square(gradient));
    }

    [Fact]
    public void Calls_CanBeNestedAndRepeated() => Computes(p => new Nested(p), (p, g) =>
    {
        float x = g + 1, y = p * p, square = g * g;
        return p - MathF.Sqrt(x * x + y * y) + square * square;
    });

    [Optimizer]
    private sealed partial class Blocks
    {
        private static float Soften(float x, float by)
        {
            if (x > by)
            {
                return x - by;
            }

            float y = x;
            if (y < -by)
            {
                y += by;
                return y;
            }

            return 0;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient) => Soften(parameter - 0.5f * gradient, 0.25f) + Soften(gradient, parameter);
    }

    [Fact]
    public void Blocks_WithBranchesAndEarlyReturns() => Computes(p => new Blocks(p), (p, g) =>
    {
        static float Soft(float x, float by) => x > by ? x - by : x < -by ? x + by : 0;
        return Soft(p - 0.5f * g, 0.25f) + Soft(g, p);
    });

    [Optimizer]
    private sealed partial class AssignsItsParameters
    {
        private static float Halve(float x)
        {
            x /= 2;
            x = x + 1;
            return x;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float x = gradient, y = Halve(x), z = Halve(parameter);
            return x + 2 * y + 4 * z + 8 * parameter;
        }
    }

    [Fact]
    public void ParametersOfTheCallee_AreItsOwn() => Computes(p => new AssignsItsParameters(p), (p, g) =>
        g + 2 * (g / 2 + 1) + 4 * (p / 2 + 1) + 8 * p);

    [Optimizer]
    private sealed partial class Elsewhere
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient) => Mathematics.Blend(b: gradient, a: parameter, weight: 0.25f) + Mathematics.Blend(1, gradient);
    }

    private static class Mathematics
    {
        internal static readonly float One = 1;

        public static float Blend(float a, float b, float weight = 0.5f) => (One - weight) * a + weight * b;
    }

    [Fact]
    public void Methods_OfOtherClasses_WithNamedAndDefaultArguments() => Computes(
        p => new Elsewhere(p), (p, g) => 0.75f * p + 0.25f * g + (0.5f * 1 + 0.5f * g));

    [Optimizer]
    private sealed partial class Truths
    {
        private static bool IsLarge(float x, bool strict) => strict ? x > 1 : x >= 1;

        private static float Choose(bool which, float one, float other)
        {
            if (which)
                return one;
            return other;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient) =>
            Choose(IsLarge(gradient, true), parameter, -parameter) + Choose(IsLarge(gradient, strict: gradient > parameter), 1, 2);
    }

    [Fact]
    public void Methods_CanTakeAndReturnTruthValues() => Computes(
        p => new Truths(p), (p, g) => (g > 1 ? p : -p) + ((g > p ? g > 1 : g >= 1) ? 1 : 2));

    [Optimizer]
    private sealed partial class InBranches
    {
        private static float Twice(float x)
        {
            float y = x;
            y += x;
            return y;
        }

        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float total)
        {
            if (gradient > 0)
            {
                total = Twice(gradient) + total;
            }
            else
            {
                parameter = Twice(Twice(parameter));
            }

            total = Twice(total);
            return parameter + total;
        }
    }

    [Fact]
    public void Calls_InBranches()
    {
        Agrees(p => new InBranches(p));
        var optimizer = new InBranches(SetOf(1, 1));
        Assert.Equal([1 + 8, 4], optimizer.StepOn(2, -1));
        Assert.Equal([8, 0], optimizer.StateOf("total"));
    }

    [Optimizer]
    private sealed partial class LocalFunctions
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            static float Half(float x) => x / 2;
            static float Both(float x, float y)
            {
                float sum = Half(x) + Half(y);
                return sum;
            }

            return parameter - Both(gradient, parameter);
        }
    }

    [Fact]
    public void LocalFunctions_AreInlined() => Computes(p => new LocalFunctions(p), (p, g) => p - (g / 2 + p / 2));

    [Optimizer]
    private sealed partial class ReadOnlyReferences
    {
        private static float Half(in float x) => x / 2;

        [UpdateRule]
        private static float Update(in float parameter, in float gradient) => parameter - Half(in gradient) - Half(parameter + 1);
    }

    [Fact]
    public void InParameters_AreReadLikeValues() => Computes(p => new ReadOnlyReferences(p), (p, g) => p - g / 2 - (p + 1) / 2);

    [Optimizer]
    private sealed partial class PartialMethods
    {
        [UpdateRule]
        private static partial float Update(float parameter, float gradient);

        private static partial float Update(float parameter, float gradient) => parameter - Scale(gradient);

        private static partial float Scale(float x);

        private static partial float Scale(float x)
        {
            return 0.5f * x;
        }
    }

    [Fact]
    public void PartialMethods_AreReadWhereTheirBodyIs() => Computes(p => new PartialMethods(p), (p, g) => p - 0.5f * g);

    [Fact]
    public void TheTextOfTheRule_IsTheBody() =>
        Assert.Equal(["return parameter - Scale(gradient);"], new PartialMethods(SetOf(1)).Definition.Equations);

    [Optimizer]
    private sealed partial class UserSign
    {
        private static float Sign(float x) => x >= 0 ? 2 : -2;

        private static float Max(float x, float y) => x + y;

        [UpdateRule]
        private static float Update(float parameter, float gradient) => Max(parameter, Sign(gradient));
    }

    [Fact]
    public void OwnMethods_WithNamesOfMathF_AreTheUsersOwn() => Computes(p => new UserSign(p), (p, g) => p + (g >= 0 ? 2 : -2));

    [Optimizer]
    private sealed partial class InDouble
    {
        private static double Huber(double x, double delta)
        {
            double magnitude = Math.Abs(x);
            return magnitude <= delta ? 0.5 * x * x : delta * (magnitude - 0.5 * delta);
        }

        [UpdateRule]
        private static double Update(double parameter, double gradient) => parameter - Huber(gradient, 1.5);
    }

    [Fact]
    public void Methods_InDouble() => Computes(
        p => new InDouble(p), (p, g) => p - (Math.Abs(g) <= 1.5 ? 0.5 * g * g : 1.5 * (Math.Abs(g) - 0.75)));
}
