using System.Numerics;

namespace OptimGen;

/// <summary>The changes of hyperparameters in the course of a check, which a kernel must see from the next step on.</summary>
internal static class RuleChanges
{
    /// <summary>The group of whose hyperparameters the check changes some.</summary>
    public const string Group = "other";

    /// <summary>Halves at step 3, gives a group values of its own at step 4, and takes both back at step 5.</summary>
    public static void Make(Optimizer optimizer, long step)
    {
        if (step is < 3 or > 5)
        {
            return;
        }

        foreach (HyperparameterDefinition one in optimizer.Definition.Hyperparameters)
        {
            double value = optimizer.GetHyperparameter(one.Name);
            if (step != 4 && IsAllowed(one, value * (step == 3 ? 0.5 : 2)))
            {
                optimizer.SetHyperparameter(one.Name, value * (step == 3 ? 0.5 : 2));
            }

            if (step != 3 && IsAllowed(one, value * 0.75))
            {
                ChangeGroup(optimizer, one.Name, value * 0.75, isGiven: step == 4);
            }
        }
    }

    private static bool IsAllowed(HyperparameterDefinition one, double value) =>
        double.IsFinite(value)
        && (one.MinimumIsExclusive ? value > one.Minimum : value >= one.Minimum) && (one.MaximumIsExclusive ? value < one.Maximum : value <= one.Maximum);

    private static void ChangeGroup(Optimizer optimizer, string name, double value, bool isGiven)
    {
        switch (optimizer)
        {
            case Optimizer<float> single:
                Change(single, name, value, isGiven);
                break;
            case Optimizer<double> full:
                Change(full, name, value, isGiven);
                break;
        }
    }

    /// <summary>A group that had a value of its own already keeps it: the next one taken back would not be the check's.</summary>
    private static void Change<T>(Optimizer<T> optimizer, string name, double value, bool isGiven)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (optimizer.Parameters.Groups.FirstOrDefault(group => group.Name == Group) is not { } other)
        {
            return;
        }

        double? own = optimizer.GetHyperparameter(other, name);
        if (isGiven && own is null)
        {
            optimizer.SetHyperparameter(other, name, value);
        }
        else if (!isGiven && own is { } given && T.CreateTruncating(given) == T.CreateTruncating(value))
        {
            optimizer.SetHyperparameter(other, name, null);
        }
    }
}
