using System.Globalization;
using System.Numerics;

namespace OptimGen;

/// <summary>
/// What the next step of an optimizer depends on, in a checkpoint: its step count, hyperparameters, those of its groups, settings, states and average, and
/// which rule they belong to.
/// </summary>
internal sealed partial class OptimizerCheckpoint<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the names of the entries begin with.</summary>
    internal const string Scope = "optimizer";
    private const string ScaleName = "LearningRateScale", RoundingSeed = "roundingSeed", Update = "bfloat16Update";

    private readonly Optimizer<T> optimizer;
    private readonly OptimizerDefinition definition;
    private readonly CheckpointNames<T> names;

    private OptimizerCheckpoint(Optimizer<T> optimizer) =>
        (this.optimizer, definition, names) = (optimizer, optimizer.Definition, new CheckpointNames<T>(optimizer.Parameters));

    private ParameterSet<T> Parameters => optimizer.Parameters;

    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    public static void Save(Optimizer<T> optimizer, CheckpointWriter writer) => new OptimizerCheckpoint<T>(optimizer).Save(writer);

    public static Action Load(Optimizer<T> optimizer, CheckpointReader reader) => new OptimizerCheckpoint<T>(optimizer).Load(reader);

    private void Save(CheckpointWriter writer)
    {
        Parameters.TrainingPoint.Require(optimizer, "be saved");
        optimizer.CatchUp();
        if (optimizer.Ranks is { } ranks)
        {
            writer.DivideAmong(ranks.Communicator);
        }

        CheckpointWriter own = writer.Scope(Scope);
        RuleIdentity.Of<T>(definition).Save(own);
        own.Write("stepCount", optimizer.StepCount);
        SaveHyperparameters(own);
        SaveSettings(own);
        SaveStorage(own);
        SaveRows(own);
        SaveStoredParameters(writer);
        SaveStates(writer, own);
        SaveScalarStates(writer);
        if (optimizer.KeptAverage is { } average)
        {
            own.Write("averageDecay", average.Decay);
            foreach (Parameter<T> parameter in Parameters)
            {
                writer.Write<T>(names.Take(parameter.Name, "average"), average.MemoryOf(parameter), [.. parameter.Shape]);
            }
        }
    }

    private Action Load(CheckpointReader reader)
    {
        Parameters.TrainingPoint.Require(optimizer, "be loaded");
        CheckpointReader own = reader.Scope(Scope);
        RuleIdentity.Read(own).RequireSame(RuleIdentity.Of<T>(definition), reader);
        long stepCount = own.ReadInt64("stepCount");
        if (stepCount < 0)
        {
            throw reader.Failure($"The step count is {stepCount}; it must not be negative.");
        }

        // The steps that rows have missed are those of the old states.
        Action commit = optimizer.CatchUp;
        commit += LoadHyperparameters(own);
        commit += LoadSettings(own);
        commit += LoadStorage(own);
        commit += LoadStoredParameters(reader);
        commit += LoadStates(reader, own);
        commit += LoadScalarStates(reader);
        commit += LoadAverage(reader, own);
        commit += LoadRows(own);
        return commit + (() => optimizer.StepCount = stepCount);
    }

    private void SaveHyperparameters(CheckpointWriter own)
    {
        HyperparameterEntries.Save(optimizer, own);
        foreach (ParameterGroup<T> group in Parameters.Groups)
        {
            foreach (string name in GroupHyperparameterNames)
            {
                if (optimizer.GetHyperparameter(group, name) is { } value)
                {
                    own.Write(OfGroup(group, name), value);
                }
            }
        }
    }

    private Action LoadHyperparameters(CheckpointReader own)
    {
        Action commit = () => { };
        foreach (HyperparameterDefinition hyperparameter in definition.Hyperparameters)
        {
            double value = HyperparameterEntries.Read(own, hyperparameter.Name);
            Require(hyperparameter, value, null, own);
            commit += () => optimizer.SetHyperparameter(hyperparameter.Name, value);
        }

        foreach (ParameterGroup<T> group in Parameters.Groups)
        {
            foreach (string name in GroupHyperparameterNames)
            {
                string entry = OfGroup(group, name);
                double? value = own.Contains(entry) ? own.ReadDouble(entry) : null;
                int index = definition.FindHyperparameter(name);
                if (value is { } number)
                {
                    Require(index < 0 ? GroupHyperparameters<T>.ScaleDefinition : definition.Hyperparameters[index], number, group.Name, own);
                }

                commit += () => optimizer.SetHyperparameter(group, name, value);
            }
        }

        return commit;
    }

    /// <summary>The hyperparameters that a group can have, the factor of its learning rate included.</summary>
    private IEnumerable<string> GroupHyperparameterNames =>
        definition.Hyperparameters.Select(hyperparameter => hyperparameter.Name).Concat(optimizer.HasLearningRate ? [ScaleName] : []).Distinct();

    private static string OfGroup(ParameterGroup<T> group, string name) => $"group[{group.Name}].{name}";

    private static void Require(HyperparameterDefinition hyperparameter, double value, string? group, CheckpointReader reader)
    {
        try
        {
            hyperparameter.Require(value, group);
            hyperparameter.RequireNarrowed(value, T.CreateTruncating(value), group);
        }
        catch (ArgumentOutOfRangeException refused)
        {
            throw reader.Failure($"It has a hyperparameter that the rule does not allow: {refused.Message}");
        }
    }

    private void SaveSettings(CheckpointWriter own)
    {
        own.Write("gradientScale", optimizer.GradientScale);
        own.Write("maxGradientNorm", Text(optimizer.MaxGradientNorm));
        own.Write("maxGradientValue", Text(optimizer.MaxGradientValue));
        own.Write("nonFiniteGradients", optimizer.NonFiniteGradients.ToString());
        own.Write("zeroGradientsAfterStep", optimizer.ZeroGradientsAfterStep);

        static string Text(double? value) => value is { } number ? CheckpointText.Of(number) : "";
    }

    private Action LoadSettings(CheckpointReader own)
    {
        double scale = own.ReadDouble("gradientScale");
        double? norm = Optional("maxGradientNorm"), limit = Optional("maxGradientValue");
        bool zeroes = own.ReadBoolean("zeroGradientsAfterStep");
        string policyName = own.ReadString("nonFiniteGradients");
        if (!Enum.TryParse(policyName, out NonFiniteGradientPolicy policy) || !Enum.IsDefined(policy))
        {
            throw own.Failure($"The policy for gradients that are not finite is '{policyName}', which is unknown here.");
        }

        if (!(scale > 0 && double.IsFinite(scale)) || !(norm is null or > 0) || !(limit is null or > 0))
        {
            throw own.Failure(FormattableString.Invariant(
                $"The scale of the gradients is {scale}, and the limits of their norm and values are {norm} and {limit}; each must be above 0."));
        }

        return () =>
        {
            (optimizer.GradientScale, optimizer.MaxGradientNorm, optimizer.MaxGradientValue) = (scale, norm, limit);
            (optimizer.NonFiniteGradients, optimizer.ZeroGradientsAfterStep) = (policy, zeroes);
        };

        double? Optional(string name) => own.ReadString(name).Length == 0 ? null : own.ReadDouble(name);
    }

    private void SaveStates(CheckpointWriter writer, CheckpointWriter own)
    {
        for (int i = 0; i < definition.States.Count; i++)
        {
            StateDefinition state = definition.States[i];
            bool isMade = optimizer.State.HasValues(i);
            if (state.CopiesParameter)
            {
                own.Write(IsMade(state), isMade);
            }

            foreach (Parameter<T> parameter in Parameters)
            {
                string name = names.Take(parameter.Name, state.Name), scalesName = ScalesName(parameter, state, i);
                if (!isMade)
                {
                    continue;
                }

                if (optimizer.Ranks is { } ranks)
                {
                    SaveGathered(writer, ranks, parameter, i, name, scalesName);
                }
                else if (optimizer.State.StoredOf(parameter.Index)[i] is { } stored)
                {
                    stored.Save(writer, name, scalesName, [.. parameter.Shape]);
                }
                else
                {
                    writer.Write<T>(name, optimizer.State.MemoryOf(parameter, i), optimizer.State.ShapeOf(parameter, i));
                }
            }
        }
    }

    private Action LoadStates(CheckpointReader reader, CheckpointReader own)
    {
        Action commit = () => { };
        for (int i = 0; i < definition.States.Count; i++)
        {
            (int index, StateDefinition state) = (i, definition.States[i]);
            bool isMade = !state.CopiesParameter || own.ReadBoolean(IsMade(state));
            commit += () => optimizer.State.SetHasValues(index, isMade);
            foreach (Parameter<T> parameter in Parameters)
            {
                string name = names.Take(parameter.Name, state.Name), scalesName = ScalesName(parameter, state, i);
                if (!isMade)
                {
                    continue;
                }

                if (optimizer.State.StoredOf(parameter.Index)[index] is { } stored)
                {
                    StoredState whole = optimizer.Ranks is null ? stored : WholeOf(parameter, index);
                    Action load = whole.Load(reader, name, scalesName, [.. parameter.Shape]);
                    commit += whole == stored ? load : LoadPart(parameter, stored, whole, load);
                }
                else
                {
                    T[] values = reader.ReadArray<T>(name, optimizer.State.ShapeOf(parameter, index));
                    (int start, int length) = optimizer.State.IsOfRows(index) ? (0, values.Length) : optimizer.State.PartOf(parameter);
                    commit += () => values.AsSpan(start, length).CopyTo(optimizer.State.MemoryOf(parameter, index).Span);
                }
            }
        }

        return commit;
    }

    /// <summary>The name for the scales of a state in blocks; empty for another one.</summary>
    private string ScalesName(Parameter<T> parameter, StateDefinition state, int index) =>
        optimizer.State.StorageOf(index) == Storage.Block8 ? names.Take(parameter.Name, state.Name + ".scales") : "";

    private static string IsStoredAs(StateDefinition state) => $"state[{state.Name}].storage";

    /// <summary>In which form each state is kept that is not in the element type, and the seed of its random bits.</summary>
    private void SaveStorage(CheckpointWriter own)
    {
        for (int i = 0; i < definition.States.Count; i++)
        {
            if (optimizer.State.StorageOf(i) != Storage.Native)
            {
                own.Write(IsStoredAs(definition.States[i]), optimizer.State.StorageOf(i).ToString());
            }
        }

        if (optimizer.State.HasStoredParameters)
        {
            own.Write(Update, optimizer.State.BFloat16Update.ToString());
        }

        if (HasRoundings)
        {
            own.Write(RoundingSeed, optimizer.State.RoundingSeed.ToString(CultureInfo.InvariantCulture));
        }
    }

    private Action LoadStorage(CheckpointReader own)
    {
        for (int i = 0; i < definition.States.Count; i++)
        {
            string entry = IsStoredAs(definition.States[i]), saved = own.Contains(entry) ? own.ReadString(entry) : nameof(Storage.Native);
            if (saved != optimizer.State.StorageOf(i).ToString())
            {
                throw own.Failure(
                    $"It has the state '{definition.States[i].Name}' as {saved}, and {definition.Name} keeps it as {optimizer.State.StorageOf(i)}. Make the optimizer "
                    + $"with {nameof(OptimizerOptions)}.{nameof(OptimizerOptions.StateStorage)} as it was saved.");
            }
        }

        string update = own.Contains(Update) ? own.ReadString(Update) : "", expected = optimizer.State.HasStoredParameters ? optimizer.State.BFloat16Update.ToString() : "";
        if (update != expected)
        {
            throw own.Failure(
                $"It was saved {(update.Length == 0 ? "without parameters in bfloat16" : $"with parameters in bfloat16 that are updated by {update}")}, and {definition.Name} has "
                + $"{(expected.Length == 0 ? "none" : $"some that are updated by {expected}")}. Make the set and the optimizer "
                + $"({nameof(OptimizerOptions)}.{nameof(OptimizerOptions.BFloat16Update)}) as they were saved.");
        }

        if (!HasRoundings)
        {
            return () => { };
        }

        string text = own.ReadString(RoundingSeed);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? () => optimizer.State.RoundingSeed = seed
            : throw own.Failure($"The seed of its random bits is '{text}', which is no whole number.");
    }

    private static string RowsOf(Parameter<T> parameter) => $"rows[{parameter.Name}]";

    private static string MostMissedStepsOf(Parameter<T> parameter) => $"rows[{parameter.Name}].mostMissedSteps";

    /// <summary>Which parameters are updated by rows. All rows have taken all steps, so there is nothing more to save of them.</summary>
    private void SaveRows(CheckpointWriter own)
    {
        foreach (Parameter<T> parameter in Parameters)
        {
            if (optimizer.TableOf(parameter) is { } table)
            {
                own.Write(RowsOf(parameter), table.Updates.ToString());
                own.Write(MostMissedStepsOf(parameter), table.Missed?.Limit ?? 1);
            }
        }
    }

    private Action LoadRows(CheckpointReader own)
    {
        Action commit = () => { };
        foreach (Parameter<T> parameter in Parameters)
        {
            if (!own.Contains(RowsOf(parameter)))
            {
                continue;
            }

            string saved = own.ReadString(RowsOf(parameter));
            int mostMissedSteps = own.ReadInt32(MostMissedStepsOf(parameter), minimum: 1, maximum: Optimizer<T>.LargestMostMissedSteps);
            if (!Enum.TryParse(saved, out RowUpdates updates) || !Enum.IsDefined(updates))
            {
                throw own.Failure($"The rows of '{parameter.Name}' are updated as '{saved}', which is unknown here.");
            }

            commit += () => optimizer.UpdateByRows(parameter, updates, mostMissedSteps);
        }

        return commit + optimizer.ResetRows;
    }

    private bool HasRoundings => optimizer.State.HasStoredStates || optimizer.State.HasStoredParameters;

    /// <summary>What is kept beside parameters in bfloat16.</summary>
    private void SaveStoredParameters(CheckpointWriter writer) => ForEachStoredParameter((parameter, stored, name) =>
    {
        BFloat16Parameter? whole = optimizer.Ranks is { } ranks ? Gather(writer, ranks, parameter, stored, () => WholeOf(parameter)) : stored;
        whole?.Save(writer, name, [.. parameter.Shape]);
    });

    private Action LoadStoredParameters(CheckpointReader reader)
    {
        Action commit = () => { };
        ForEachStoredParameter((parameter, stored, name) =>
        {
            BFloat16Parameter whole = optimizer.Ranks is null ? stored : WholeOf(parameter);
            Action load = whole.Load(reader, name, [.. parameter.Shape]);
            commit += whole == stored ? load : LoadPart(parameter, stored, whole, load);
        });
        return commit;
    }

    private void ForEachStoredParameter(Action<Parameter<T>, BFloat16Parameter, string> action)
    {
        foreach (Parameter<T> parameter in Parameters)
        {
            if (optimizer.State.StoredParameterOf(parameter.Index) is { KeepsMore: true } stored)
            {
                action(parameter, stored, names.Take(parameter.Name, "remainder"));
            }
        }
    }

    /// <summary>Whether a state that starts as a copy of the parameters has been given that value, which the first step does.</summary>
    private static string IsMade(StateDefinition state) => $"state[{state.Name}].hasValues";

    private void SaveScalarStates(CheckpointWriter writer) =>
        ForEachScalarState((name, owner, state) => writer.Write<double>(name, new[] { optimizer.ScalarState(state.Scope, owner, state.Name) }));

    private Action LoadScalarStates(CheckpointReader reader)
    {
        Action commit = () => { };
        ForEachScalarState((name, owner, state) =>
        {
            double value = reader.ReadArray<double>(name, 1)[0];
            commit += () => optimizer.ScalarState(state.Scope, owner, state.Name) = value;
        });
        return commit;
    }

    private void ForEachScalarState(Action<string, int, ScalarStateDefinition> action)
    {
        foreach (ScalarStateDefinition state in definition.ScalarStates)
        {
            string[] owners = state.Scope == StateScope.Group
                ? [.. Parameters.Groups.Select(group => $"group[{group.Name}]")]
                : [.. Parameters.Select(parameter => parameter.Name)];
            for (int owner = 0; owner < owners.Length; owner++)
            {
                action(names.Take(owners[owner], state.Name), owner, state);
            }
        }
    }

    private Action LoadAverage(CheckpointReader reader, CheckpointReader own)
    {
        const string Decay = "averageDecay";
        if (!own.Contains(Decay))
        {
            return optimizer.KeptAverage is null
                ? () => { }
                : throw reader.Failure("It has no average of the parameters, and the optimizer keeps one.");
        }

        double decay = own.ReadDouble(Decay);
        if (!(decay is >= 0 and < 1))
        {
            throw reader.Failure(FormattableString.Invariant($"The decay of its average is {decay}; it must be in [0, 1)."));
        }

        T[][] averages = [.. Parameters.Select(parameter => reader.ReadArray<T>(names.Take(parameter.Name, "average"), [.. parameter.Shape]))];
        return () =>
        {
            ParameterAverage<T> average = optimizer.AverageParameters(decay);
            for (int i = 0; i < averages.Length; i++)
            {
                averages[i].CopyTo(average.MemoryOf(Parameters[i]).Span);
            }
        };
    }
}
