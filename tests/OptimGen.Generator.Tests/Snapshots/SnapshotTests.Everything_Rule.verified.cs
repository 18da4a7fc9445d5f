    file sealed class Rule(WarmMethod warm, TrustMethod trust) : StepRule<double>(Definition)
    {
        public static readonly OptimizerDefinition Definition = new(
            "Everything",
            [
                "g ← clamp(g, −c, +c)",
                "m ← β₁·m + (1 − β₁)·g",
                "m̂ = m / (1 − β₁ᵗ)",
                "double move = warm ? mean : gradient;",
                "if (System.Math.Abs(move) > scale)",
                "{",
                "    scale = System.Math.Max(scale * 0.5, System.Math.Abs(move));",
                "}",
                "",
                "return parameter - rate * ratio * (move / (scale + 1e-3));",
            ],
            [
                new("LearningRate", 0.1, Minimum: 0),
                new("ClipValue", 1, Minimum: 0, MinimumIsExclusive: true),
                new("Beta1", 0.9, Minimum: 0, Maximum: 1, MaximumIsExclusive: true),
            ],
            [
                new("scale", InitialValue: 1),
                new("firstMoment"),
            ])
        {
            Fingerprint = "60a985bd1ddd3f16ee074e9b7278222b",
            IsMethod = true,
            Contract = true,
            ScalarStates =
            [
                new("momentum", 0, global::OptimGen.StateScope.Group),
            ],
            Reductions =
            [
                new("weightNorm", global::OptimGen.Reduction.Norm, global::OptimGen.ReductionScope.Tensor),
                new("largest", global::OptimGen.Reduction.MaxAbs, global::OptimGen.ReductionScope.Global),
            ],
            PerTensor = true,
        };

        public GroupValues[] Groups = [];
        public TensorValues[] Tensors = [];

        public override RuleKernels<double> KernelsFor(InstructionSet instructionSet) => instructionSet switch
        {
            InstructionSet.Avx512 when Avx512F.IsSupported => new Avx512Kernels(this),
            InstructionSet.Avx2 when Avx2.IsSupported && Fma.IsSupported => new Avx2Kernels(this),
            InstructionSet.Neon when AdvSimd.IsSupported => new NeonKernels(this),
            _ => new ScalarKernels(this),
        };

        public override void Allocate(int groupCount, int tensorCount)
        {
            Groups = new GroupValues[groupCount];
            Tensors = new TensorValues[tensorCount];
        }

        public override void PrepareSettings(int group, global::System.ReadOnlySpan<double> hyperparameters)
        {
            ref GroupValues values = ref Groups[group];
            double learningRate = hyperparameters[0];
            double clipValue = hyperparameters[1];
            values.ClipValue = clipValue;
            double beta1 = hyperparameters[2];
            values.Beta1 = beta1;
            double exactBeta1 = beta1;
            values.ExactBeta1 = exactBeta1;
            double oneMinusBeta1 = 1d - exactBeta1; // 1 − β₁
            values.ExactLearningRate = learningRate;
            values.NegativeClipValue = -clipValue;
            values.OneMinusBeta1 = StepMath.Narrow<double>(oneMinusBeta1, "oneMinusBeta1");
        }

        public override void PrepareStep(int group, long step, global::System.Span<double> states)
        {
            ref GroupValues values = ref Groups[group];
            double biasCorrection1 = 1d - StepMath.Power(values.ExactBeta1, step); // 1 − β₁ᵗ
            double meanScale = 1d / biasCorrection1; // the correction of the first moment
            warm(step, values.ExactLearningRate, ref states[0], out double rate, out bool warm2);
            values.Warm = warm2;
            values.MeanScale = StepMath.Narrow<double>(meanScale, "meanScale");
            values.Rate = StepMath.Narrow<double>(rate, "rate");
        }

        public override void PrepareGlobal(
            int group, long step, global::System.ReadOnlySpan<double> reductions, global::System.Span<double> states)
        {
            ref GroupValues values = ref Groups[group];
            values.Largest = reductions[1];
        }

        public override void PrepareTensor(
            int group, int tensor, long step, long elementCount, global::System.ReadOnlySpan<double> reductions,
            global::System.Span<double> states)
        {
            ref TensorValues values = ref Tensors[tensor];
            ref readonly GroupValues ofGroup = ref Groups[group];
            double weightNorm = reductions[0];
            trust(weightNorm, ofGroup.Largest, elementCount, out double ratio);
            values.Part = -(ofGroup.Rate * StepMath.Narrow<double>(ratio, "ratio"));
        }
    }
