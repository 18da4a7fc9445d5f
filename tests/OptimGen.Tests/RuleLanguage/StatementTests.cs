using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Each statement of the rule language, against the same computed by hand.</summary>
public sealed partial class StatementTests
{
    [Optimizer]
    private sealed partial class Locals
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float a = gradient, b, c = a * 2;
            var d = c - parameter;
            b = a;
            a = d + b;
            a = a * a;
            ;
            {
                float inner = a - c;
                a = inner;
            }

            {
                float inner = a + b;
                b = inner;
            }

            return parameter - 0.01f * a + b;
        }
    }

    [Fact]
    public void Locals_KeepTheirValueUntilReassigned() => Computes(p => new Locals(p), (p, g) =>
    {
        float c = g * 2, d = c - p, sum = d + g, square = sum * sum, first = square - c, second = first + g;
        return p - 0.01f * first + second;
    });

    [Optimizer]
    private sealed partial class AssignedParameters
    {
        [Hyperparameter] public float LearningRate { get; set; } = 0.5f;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float learningRate, float step)
        {
            float before = parameter;
            gradient = gradient + parameter;
            learningRate *= 0.5f;
            learningRate = learningRate + step;
            parameter = parameter - learningRate * gradient;
            parameter /= 2;
            return parameter + before;
        }
    }

    [Fact]
    public void Parameters_CanBeAssigned_TheGradientStreamStays()
    {
        Computes(p => new AssignedParameters(p), (p, g) => (p - 1.25f * (g + p)) / 2 + p);
        var optimizer = new AssignedParameters(SetOf(2));
        optimizer.StepOn(3);
        Assert.Equal(3, optimizer.Parameters["w"].Gradients[0]);
        Assert.Equal(0.5f, optimizer.LearningRate);
    }

    [Optimizer]
    private sealed partial class Compound
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float a = parameter;
            a += gradient;
            a *= 3;
            a -= gradient / 2;
            a /= parameter - 1;
            a++;
            ++a;
            a--;
            --a;
            a++;
            return a;
        }
    }

    [Fact]
    public void CompoundAssignments_AndIncrements() => Computes(p => new Compound(p), (p, g) =>
    {
        float a = (p + g) * 3;
        a = a - g / 2;
        a = a / (p - 1);
        a = a + 1;
        a = a + 1;
        a = a - 1;
        a = a - 1;
        return a + 1;
    });

    [Optimizer]
    private sealed partial class CompoundTruths
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            bool flag = gradient > 0;
            flag &= parameter > 0;
            bool other = gradient > 1;
            other |= flag;
            return flag ? 2 : other ? 1 : 0;
        }
    }

    [Fact]
    public void CompoundAssignments_OfTruthValues() => Computes(p => new CompoundTruths(p), (p, g) => g > 0 && p > 0 ? 2 : g > 1 ? 1 : 0);

    [Optimizer]
    private sealed partial class IfWithoutElse
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float size = 1;
            if (gradient > 1)
            {
                size = 0.5f;
                gradient = 1;
            }

            if (parameter < 0)
                size = -size;
            return parameter - size * gradient;
        }
    }

    [Fact]
    public void If_WithoutElse() => Computes(p => new IfWithoutElse(p), (p, g) => (p < 0, g > 1) switch
    {
        (false, false) => p - g,
        (false, true) => p - 0.5f,
        (true, false) => p - (-1f * g),
        (true, true) => p - -0.5f,
    });

    [Optimizer]
    private sealed partial class IfElseChain
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float scale;
            if (gradient > 10)
            {
                scale = 1;
            }
            else if (gradient > 1)
            {
                scale = 2;
            }
            else
            {
                if (gradient < -1) scale = 3;
                else scale = 4;
            }

            return parameter * scale;
        }
    }

    [Fact]
    public void If_ElseIf_Else_AssignsWhatWasOnlyDeclared() =>
        Computes(p => new IfElseChain(p), (p, g) => p * (g > 10 ? 1f : g > 1 ? 2f : g < -1 ? 3f : 4f));

    [Optimizer]
    private sealed partial class EarlyReturns
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            if (gradient == 0)
            {
                return parameter;
            }

            float size = gradient * 0.5f;
            if (size > 1)
            {
                return parameter - 1;
            }
            else if (size < -1)
            {
                return parameter + 1;
            }

            parameter *= 2;
            return parameter - size;
        }
    }

    [Fact]
    public void Return_CanComeEarly() => Computes(
        p => new EarlyReturns(p), (p, g) => g == 0 ? p : g * 0.5f > 1 ? p - 1 : g * 0.5f < -1 ? p + 1 : p * 2 - g * 0.5f);

    [Optimizer]
    private sealed partial class SometimesReturns
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float y = 1;
            if (gradient > 0)
            {
                if (parameter > 0)
                {
                    return -parameter;
                }

                y = 2;
            }
            else
            {
                y = 3;
                if (parameter > 5)
                {
                    if (gradient < -5)
                        return 77;
                    y = 4;
                }
            }

            y += 10;
            return parameter + y;
        }
    }

    [Fact]
    public void Return_CanComeOnSomeWaysThroughABranch() => Computes(
        p => new SometimesReturns(p),
        (p, g) => g > 0 ? (p > 0 ? -p : p + 12) : p > 5 ? (g < -5 ? 77 : p + 14) : p + 13);

    [Optimizer]
    private sealed partial class ReturnInNestedBlock
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float count)
        {
            {
                if (gradient < 0)
                {
                    { return parameter; }
                }

                count += 1;
            }

            if (gradient > 1) { } else { return parameter - count; }
            return parameter + count;
        }
    }

    [Fact]
    public void Return_InNestedBlocks_LeavesLaterStateAlone()
    {
        Agrees(p => new ReturnInNestedBlock(p));
        var optimizer = new ReturnInNestedBlock(SetOf(10, 10, 10));
        Assert.Equal([10, 9, 11], optimizer.StepOn(-1, 0.5f, 2));
        Assert.Equal([0, 1, 1], optimizer.StateOf("count"));
    }

    [Optimizer]
    private sealed partial class Swaps
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float low, [State(InitialValue = 1)] ref float high)
        {
            if (gradient > parameter)
            {
                float t = low;
                low = high;
                high = t;
            }

            float a = parameter, b = gradient;
            if (a > b)
            {
                float t = a;
                a = b;
                b = t;
            }
            else
            {
                a = b - a;
            }

            return a + 2 * b + 4 * low + 8 * high;
        }
    }

    [Fact]
    public void Branches_CanSwap()
    {
        Agrees(p => new Swaps(p));
        var optimizer = new Swaps(SetOf(1, 5));
        // 2 > 1: swapped to (1, 0); a = 2 − 1, b = 2. And 5 > 3: a = 3, b = 5, low and high stay.
        Assert.Equal([1 + 4 + 4, 3 + 10 + 8], optimizer.StepOn(2, 3));
        Assert.Equal([1, 0], optimizer.StateOf("low"));
        Assert.Equal([0, 1], optimizer.StateOf("high"));
    }

    [Optimizer]
    private sealed partial class ConditionReassigned
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float x = gradient;
            bool positive = x > 0;
            if (x > 0)
            {
                x = -x;
                parameter += x;
            }
            else
            {
                x = 5;
                parameter -= x;
            }

            if (positive)
            {
                positive = false;
                x = positive ? 100 : x + 1;
            }

            return positive ? 1000 : parameter * x;
        }
    }

    [Fact]
    public void Conditions_KeepTheirValue_WhenABranchChangesWhatTheyReadFrom() => Computes(
        p => new ConditionReassigned(p), (p, g) => g > 0 ? (p + -g) * (-g + 1) : (p - 5) * 5);

    [Optimizer]
    private sealed partial class StatesInBranches
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float large, [State] ref float small)
        {
            if (MathF.Abs(gradient) > 1)
            {
                large += gradient;
            }
            else
            {
                small = 0.5f * small + gradient;
                if (small > 0.75f)
                    small = 0;
            }

            return parameter - large - small;
        }
    }

    [Fact]
    public void Branches_AssignStates()
    {
        Agrees(p => new StatesInBranches(p));
        var optimizer = new StatesInBranches(SetOf(0, 0));
        optimizer.StepOn(2, 0.5f);
        Assert.Equal([-5, -0.5f], optimizer.StepOn(1.0f + 0.5f, 0.625f)[..2].Select((x, i) => i == 0 ? x + 0.5f : x));
        Assert.Equal([3.5f, 0], optimizer.StateOf("large"));
        Assert.Equal([0, 0], optimizer.StateOf("small"));
    }

    [Optimizer]
    private sealed partial class NeverTaken
    {
        private const bool Debugging = false;

        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
#pragma warning disable CS0162 // The test is about unreachable code.
            if (Debugging)
            {
                return 0;
            }
#pragma warning restore CS0162

            if (true)
            {
                parameter -= gradient;
            }

            return parameter;
        }
    }

    [Fact]
    public void ConstantConditions_AreDecided() => Computes(p => new NeverTaken(p), (p, g) => p - g);

    [Optimizer]
    private sealed partial class ManyReturns
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            if (gradient > 4) return 4;
            if (gradient > 3) return 3;
            if (gradient > 2) return 2;
            if (gradient > 1) return 1;
            if (gradient < -4) return -4;
            if (gradient < -3) return -3;
            if (gradient < -2) return -2;
            if (gradient < -1) return -1;
            return parameter;
        }
    }

    [Fact]
    public void ManyReturns_InARow() => Computes(
        p => new ManyReturns(p),
        (p, g) => g > 4 ? 4 : g > 3 ? 3 : g > 2 ? 2 : g > 1 ? 1 : g < -4 ? -4 : g < -3 ? -3 : g < -2 ? -2 : g < -1 ? -1 : p);

    [Optimizer]
    private sealed partial class Discards
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient)
        {
            float unused = gradient * gradient;
            unused = unused + 1;
            return parameter;
        }
    }

    [Fact]
    public void WhatNothingReads_IsNotComputed() => Computes(p => new Discards(p), (p, _) => p);
}
