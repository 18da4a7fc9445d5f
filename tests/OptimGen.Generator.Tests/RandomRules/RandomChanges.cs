using System.Globalization;
using System.Numerics;
using OptimGen.RandomRules;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>The settings that a random rule is checked under, and what changes of them and of the hyperparameters between its steps: the same each time.</summary>
internal sealed class RandomChanges(RandomRule rule)
{
    /// <summary>What the optimizer starts with.</summary>
    public void Start<T>(Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = RandomOf(0);
        if (random.Next(3) == 0)
        {
            ChangeSettings(random, optimizer);
        }

        if (random.Next(3) == 0)
        {
            optimizer.AverageParameters(random.Next(2) == 0 ? 0.9 : 0.3);
        }

        if (random.Next(3) == 0)
        {
            ChangeGroup(random, optimizer);
        }
    }

    /// <summary>A change or two before a step.</summary>
    public void BeforeStep(Optimizer optimizer, long step)
    {
        Random random = RandomOf(step);
        if (step == 1 || random.Next(3) == 0)
        {
            return;
        }

        foreach (HyperparameterDefinition one in optimizer.Definition.Hyperparameters.Where(_ => random.Next(2) == 0))
        {
            double value = ValueFor(random, one);
            optimizer.SetHyperparameter(one.Name, value);
            // Kernel and reference both read the property: that it has been set is seen only here.
            double set = Convert.ToDouble(optimizer.GetType().GetProperty(one.Name)!.GetValue(optimizer), CultureInfo.InvariantCulture);
            Assert.True(set == value || (float)set == (float)value, $"{rule}: {one.Name} was set to {value}, and is {set}");
        }

        if (random.Next(3) == 0)
        {
            ChangeSettings(random, optimizer);
        }

        if (optimizer is Optimizer<float> single)
        {
            ChangeBetweenSteps(random, single);
        }
        else
        {
            ChangeBetweenSteps(random, (Optimizer<double>)optimizer);
        }
    }

    private static void ChangeBetweenSteps<T>(Random random, Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (random.Next(2) == 0)
        {
            ChangeGroup(random, optimizer);
        }

        if (random.Next(5) == 0)
        {
            optimizer.AverageParameters(0.75);
        }
    }

    private static void ChangeSettings(Random random, Optimizer optimizer)
    {
        optimizer.GradientScale = random.Next(3) switch { 0 => 1, 1 => 0.75, _ => 1 / 3.0 };
        optimizer.MaxGradientValue = random.Next(2) == 0 ? null : 1.25;
        optimizer.MaxGradientNorm = random.Next(3) switch { 0 => null, 1 => 2.5, _ => double.PositiveInfinity };
        optimizer.ZeroGradientsAfterStep = random.Next(2) == 0;
    }

    /// <summary>Gives the second group a value of its own, or takes one from it.</summary>
    private static void ChangeGroup<T>(Random random, Optimizer<T> optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterGroup<T> group = optimizer.Parameters.Groups[1];
        foreach (HyperparameterDefinition one in optimizer.Definition.Hyperparameters.Where(_ => random.Next(2) == 0))
        {
            optimizer.SetHyperparameter(group, one.Name, random.Next(3) == 0 ? null : ValueFor(random, one));
        }

        if (optimizer.HasLearningRate && random.Next(2) == 0)
        {
            optimizer.SetHyperparameter(group, "LearningRateScale", random.Next(3) == 0 ? 1 : 0.3);
        }
    }

    /// <summary>A number within the bounds of every hyperparameter that random rules have.</summary>
    private static double ValueFor(Random random, HyperparameterDefinition one)
    {
        double value = random.Next(4) switch { 0 => 0.5, 1 => 0.95, _ => Math.Round(0.99 * random.NextDouble(), 3) };
        return one.Minimum == 0 && one.MinimumIsExclusive ? value + 0.01 : value;
    }

    private Random RandomOf(long step) => new(unchecked((rule.Seed * 31) + (rule.Index * 101) + (int)step));
}
