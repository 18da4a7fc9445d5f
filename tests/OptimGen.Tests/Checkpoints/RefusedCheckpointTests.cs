namespace OptimGen.Tests.Checkpoints;

/// <summary>A checkpoint that does not fit is refused by a message with the name and both values, and nothing in memory has changed.</summary>
public sealed partial class RefusedCheckpointTests
{
    private static partial class Before
    {
        [Optimizer]
        internal sealed partial class Rule
        {
            [Hyperparameter]
            public float LearningRate { get; set; } = 0.1f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float speed, float learningRate)
            {
                speed = 0.9f * speed + gradient;
                return parameter - learningRate * speed;
            }
        }
    }

    private static partial class After
    {
        [Optimizer]
        internal sealed partial class Rule
        {
            [Hyperparameter]
            public float LearningRate { get; set; } = 0.1f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float speed, float learningRate)
            {
                speed = 0.8f * speed + gradient;
                return parameter - learningRate * speed;
            }
        }
    }

    private static partial class Renamed
    {
        [Optimizer]
        internal sealed partial class Rule
        {
            [Hyperparameter]
            public float LearningRate { get; set; } = 0.1f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float velocity, float learningRate)
            {
                velocity = 0.9f * velocity + gradient;
                return parameter - learningRate * velocity;
            }
        }
    }

    [Fact]
    public void OtherShapesNamesAndTypes()
    {
        byte[] file = SavedRun.Bytes(Set<float>(("w", [2, 3]), ("b", [3])));
        Refuses(file, Set<float>(("w", [3, 2]), ("b", [3])), "The tensor 'w' has the shape [2, 3]; [3, 2] is needed.");
        Refuses(file, Set<float>(("w", [2, 3]), ("b", [3]), ("c", [1])), "It has no tensor 'c', which must have the shape [1].");
        Refuses(file, Set<float>(("w", [2, 3])), "It has a tensor 'b' that belongs to nothing here. Rename it");
        Refuses(file, Set<double>(("w", [2, 3]), ("b", [3])), "The tensor 'w' has elements of type F32; F64 is needed.");
        Refuses(file, new Adam(Set<float>(("w", [2, 3]), ("b", [3]))), "It has no entry 'optimizer.rule'.");
    }

    [Fact]
    public void UnknownTensors_AreIgnoredOnlyIfAsked_AndNamesCanBeOthers()
    {
        byte[] file = SavedRun.Bytes(Filled(Set<float>(("model.w", [2]), ("model.b", [1]), ("head", [4]))));
        ParameterSet<float> target = Set<float>(("w", [2]), ("b", [1]));
        var byName = new CheckpointLoadOptions { Rename = name => name.StartsWith("model.", StringComparison.Ordinal) ? name["model.".Length..] : name };
        Refuses(file, target, "It has a tensor 'head' that belongs to nothing here.", byName);
        SavedRun.Load(file, target, byName with { IgnoreUnknownTensors = true });
        Assert.Equal([1f, 2f], target["w"].Values.ToArray());
        Assert.Equal([3f], target["b"].Values.ToArray());
        SavedRun.Load(file, target, byName with { Rename = name => name == "head" ? null : name["model.".Length..] });
        Refuses(file, target, "The tensors 'model.w' and 'model.b' are both renamed to 'x'.", byName with { Rename = name => name == "head" ? "head" : "x" });
    }

    [Fact]
    public void OtherRules()
    {
        byte[] file = SavedRun.Bytes(new Before.Rule(Set<float>(("w", [2]))));
        SavedRun.Load(file, new Before.Rule(Set<float>(("w", [2]))));
        Refuses(file, new After.Rule(Set<float>(("w", [2]))),
            "It was saved by another version of Rule. The equation", "'speed = 0.9f * speed + gradient", "'speed = 0.8f * speed + gradient", "AcceptChangedRule");
        SavedRun.Load(file, new After.Rule(Set<float>(("w", [2]))), new CheckpointLoadOptions { AcceptChangedRule = true });
        Refuses(file, new Renamed.Rule(Set<float>(("w", [2]))),
            "The state 1 differs: 'speed of each element' in the checkpoint, 'velocity of each element' here.");
        Refuses(file, new Adam(Set<float>(("w", [2]))), "It is of the optimizer Rule, and not of Adam.");
        Refuses(SavedRun.Bytes(new Adam(Set<float>(("w", [2])))), new AdamW(Set<float>(("w", [2]))), "of the optimizer Adam, and not of AdamW. The equation");
    }

    [Fact]
    public void OtherRuns()
    {
        byte[] file = SavedRun.Bytes(SavedRun.Make(nameof(Adam)));
        Trainer trainer = SavedRun.Make(nameof(Adam));
        trainer.Schedule = null;
        trainer.Schedules[trainer.Optimizer.Parameters.Groups[1], "LearningRateScale"] = null;
        Refuses(
            file, trainer, "Its run has the schedules 'LearningRate: 0.001/(1 + 0.01·n) by step; LearningRateScale of group 'biases': ", "', and this trainer 'none'.");
        Refuses(file, new Trainer(SavedRun.Make(nameof(Adam)).Optimizer, 24, (_, _) => 0), "Its run has the number of examples '23', and this trainer '24'.");

        ParameterSet<float> set = Set<float>(("w", [2]));
        byte[] withoutAverage = SavedRun.Bytes(new Adam(set));
        var averaging = new Adam(Set<float>(("w", [2])));
        averaging.AverageParameters(0.5);
        Refuses(withoutAverage, averaging, "It has no average of the parameters, and the optimizer keeps one.");
    }

    [Fact]
    public void StatesOfCallbacks()
    {
        Trainer counting = SavedRun.Make(nameof(Adam)), plain = SavedRun.Make(nameof(Adam));
        counting.Callbacks.Add(new Counter());
        counting.TrainUntil(1);
        byte[] file = SavedRun.Bytes(counting);
        Refuses(file, plain, "It has the state of a callback 'Counter', which the trainer has not.");
        Refuses(SavedRun.Bytes(plain), counting, "It has no state of the callback 'Counter', which the trainer has.");
        Trainer resumed = SavedRun.Make(nameof(Adam));
        var counter = new Counter();
        resumed.Callbacks.Add(counter);
        SavedRun.Load(file, resumed);
        Assert.Equal(6, counter.Steps);
    }

    [Fact]
    public void HyperparametersOutOfBounds()
    {
        // A byte of the text is changed, and the checksum taken out, as an editor would have to.
        var contents = new CheckpointContents();
        var edited = new CheckpointContents();
        ((ICheckpointable)new Adam(Set<float>(("w", [2])))).SaveTo(new CheckpointWriter(contents));
        foreach ((string key, string value) in contents.Texts)
        {
            edited.AddText(key, key == "optimizer.hyperparameters.Beta1" ? "1" : value);
        }

        foreach (TensorSource tensor in contents.Tensors)
        {
            edited.AddTensor<float>(tensor.Name, new float[tensor.Size.Elements], [.. tensor.Shape]);
        }

        using var stream = new MemoryStream();
        edited.ToFile().Write(stream);
        Refuses(stream.ToArray(), new Adam(Set<float>(("w", [2]))), "It has a hyperparameter that the rule does not allow: Beta1 is 1; it must be in [0, 1).");
    }

    [Fact]
    public void NotWhileAnAverageIsEvaluated_NorWithinAStep()
    {
        Trainer trainer = SavedRun.Make(nameof(Adam));
        trainer.TrainUntil(1);
        byte[] file = SavedRun.Bytes(trainer);
        ParameterAverage<float> average = trainer.Optimizer.AverageParameters(0.9);
        using (average.Evaluate())
        {
            Assert.Contains("stand at an average", Assert.Throws<InvalidOperationException>(() => SavedRun.Bytes(trainer)).Message, StringComparison.Ordinal);
            Assert.Contains("stand at an average", Assert.Throws<InvalidOperationException>(() => SavedRun.Load(file, trainer)).Message, StringComparison.Ordinal);
        }

        Trainer? saving = null;
        Trainer made = SavedRun.Make(nameof(Adam));
        saving = new Trainer(made.Optimizer, 4, (_, _) => SavedRun.Bytes(saving!).Length);
        Assert.Contains("within a step", Assert.Throws<InvalidOperationException>(() => saving.Train(1)).Message, StringComparison.Ordinal);
    }

    [Optimizer]
    internal sealed partial class OddNames
    {
        [Hyperparameter]
        public float stepCount { get; set; } = 0.25f;

        [Hyperparameter]
        public float hyperparameters { get; set; } = 2;

        [Hyperparameter]
        public float @rule { get; set; } = 3;

        [UpdateRule]
        private static float Update(
            float parameter, float gradient, [State] ref float average, float stepCount, float hyperparameters, float rule)
        {
            average = stepCount * average + gradient;
            return parameter - average * hyperparameters / rule;
        }
    }

    [Fact]
    public void OddNames_OfEverything()
    {
        string[] names = ["a\"b\\\n", "θ/权重 😀", "average", "w", "w.average", "optimizer.rule", ".", " x"];
        OddNames saved = Make(), restored = Make();
        saved.AverageParameters(0.5);
        saved.Step();
        saved.stepCount = 0.75f;
        saved.For(saved.Parameters.Groups[1]).hyperparameters = 7;
        SavedRun.Load(SavedRun.Bytes(saved), restored);
        Assert.Equal(SavedRun.Bytes(saved), SavedRun.Bytes(restored));
        Assert.Equal((0.75f, 2f, 7f), (restored.stepCount, restored.hyperparameters, restored.For(restored.Parameters.Groups[1]).hyperparameters));
        Assert.Equal(saved.States.Average(saved.Parameters["w"])[0], restored.States.Average(restored.Parameters["w"])[0]);

        OddNames Make()
        {
            var set = new ParameterSet<float>();
            ParameterGroup<float> group = set.AddGroup("g].hyperparameters\n");
            foreach (string name in names)
            {
                group.Add(name, 3).Gradients.Fill(name.Length);
            }

            return new OddNames(set);
        }
    }

    [Fact]
    public void ParametersWithNamesOfStates_AreToldApart()
    {
        ParameterSet<float> set = Set<float>(("w", [2]), ("w.firstMoment", [2]), ("w.firstMoment'", [2]));
        var saved = new Trainer(new Momentum(set) { LearningRate = 0.1f }, 1, (parameters, _) => Gradients(parameters));
        saved.TrainUntil(2);
        var resumed = new Trainer(
            new Momentum(Set<float>(("w", [2]), ("w.firstMoment", [2]), ("w.firstMoment'", [2]))), 1, (parameters, _) => Gradients(parameters));
        SavedRun.Load(SavedRun.Bytes(saved), resumed);
        Assert.Equal(SavedRun.Bytes(saved), SavedRun.Bytes(resumed));
        Assert.Equal(saved.Optimizer.GetState(set["w"], "firstMoment").ToArray(), resumed.Optimizer.GetState(resumed.Optimizer.Parameters["w"], "firstMoment").ToArray());
        Assert.NotEqual(0, resumed.Optimizer.GetState(resumed.Optimizer.Parameters["w"], "firstMoment")[0]);

        static double Gradients(ParameterSet<float> parameters)
        {
            foreach (Parameter<float> parameter in parameters)
            {
                parameter.Gradients.Fill(1 + parameter.Name.Length);
            }

            return 1;
        }
    }

    private static void Refuses(byte[] file, ICheckpointable target, string message, params string[] more) => Refuses(file, target, message, null, more);

    private static void Refuses(byte[] file, ICheckpointable target, string message, CheckpointLoadOptions? options, params string[] more)
    {
        byte[] before = SavedRun.Bytes(target);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => SavedRun.Load(file, target, options));
        Assert.All([message, .. more], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.Equal(before, SavedRun.Bytes(target));
    }

    private static ParameterSet<T> Set<T>(params (string Name, int[] Shape)[] parameters)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var set = new ParameterSet<T>();
        foreach ((string name, int[] shape) in parameters)
        {
            set.Add(name, shape);
        }

        return set;
    }

    private static ParameterSet<float> Filled(ParameterSet<float> set)
    {
        float next = 1;
        foreach (Parameter<float> parameter in set)
        {
            foreach (ref float value in parameter.Values)
            {
                value = next++;
            }
        }

        return set;
    }

    private sealed class Counter : TrainingCallback<float>
    {
        public long Steps { get; private set; }

        public override void OnStepCompleted(Trainer<float> trainer, in TrainingProgress progress) => Steps++;

        public override void SaveState(CheckpointWriter writer) => writer.Write("steps", Steps);

        public override Action LoadState(CheckpointReader reader)
        {
            long steps = reader.ReadInt64("steps");
            return () => Steps = steps;
        }
    }
}
