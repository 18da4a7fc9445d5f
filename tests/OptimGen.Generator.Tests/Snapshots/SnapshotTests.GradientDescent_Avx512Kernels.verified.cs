    file sealed class Avx512Kernels(Rule rule) : RuleKernels<float>(16)
    {
        public override void Update(in KernelStreams<float> streams) => Update(
            ref streams.Parameter, ref streams.Gradient, streams.Count, in rule.Groups[streams.Group]);

        public override void UpdateInPhase(in KernelStreams<float> streams, in StepPhase<float> phase) => UpdateInPhase(
            ref streams.Parameter, ref streams.Gradient, ref phase.Average, streams.Count, in rule.Groups[streams.Group], in phase);

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Update(ref float parameterStream, ref float gradientStream, nuint count, in GroupValues group)
        {
            Vector512<float> negativeLearningRate = Vector512.Create(group.NegativeLearningRate);

            nuint i = 0;
            // 4 vectors of 16 elements at a time: with 4 instructions for each, the loop's own three are then about 15% of an iteration.
            for (nuint end = count - (count % 64); i < end; i += 64)
            {
                {
                    Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i);
                    Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i);
                    // update: θ ← θ − η·g
                    parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                    Vector512.StoreUnsafe(parameter, ref parameterStream, i);
                }
                {
                    Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i + 16);
                    Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i + 16);
                    parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                    Vector512.StoreUnsafe(parameter, ref parameterStream, i + 16);
                }
                {
                    Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i + 32);
                    Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i + 32);
                    parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                    Vector512.StoreUnsafe(parameter, ref parameterStream, i + 32);
                }
                {
                    Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i + 48);
                    Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i + 48);
                    parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                    Vector512.StoreUnsafe(parameter, ref parameterStream, i + 48);
                }
            }

            for (; i < count; i += 16)
            {
                Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i);
                Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i);
                parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                Vector512.StoreUnsafe(parameter, ref parameterStream, i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void UpdateInPhase(
            ref float parameterStream, ref float gradientStream, ref float averageStream, nuint count, in GroupValues group,
            in StepPhase<float> phase)
        {
            Vector512<float> negativeLearningRate = Vector512.Create(group.NegativeLearningRate);
            Vector512<float> negativeGradientLimit = Vector512.Create(phase.NegativeGradientLimit);
            Vector512<float> gradientLimit = Vector512.Create(phase.GradientLimit);
            Vector512<float> gradientFactor = Vector512.Create(phase.GradientFactor);
            Vector512<float> averageShare = Vector512.Create(phase.AverageShare);

            for (nuint i = 0; i < count; i += 16)
            {
                if (phase.FetchesAhead)
                {
                    Prefetch.Ahead(ref parameterStream, i);
                    Prefetch.Ahead(ref gradientStream, i);
                    if (phase.AveragesParameters)
                    {
                        Prefetch.Ahead(ref averageStream, i);
                    }
                }

                Vector512<float> gradient = Vector512.LoadUnsafe(ref gradientStream, i);
                // before the rule: g ← clamp(f·g, −c, +c)
                gradient = Vector512.Min(Vector512.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                Vector512<float> parameter = Vector512.LoadUnsafe(ref parameterStream, i);
                // update: θ ← θ − η·g
                parameter = Vector512.FusedMultiplyAdd(negativeLearningRate, gradient, parameter);
                Vector512.StoreUnsafe(parameter, ref parameterStream, i);
                // after the rule: ā ← ā + (1 − β)(θ − ā)
                if (phase.AveragesParameters)
                {
                    Vector512<float> average = Vector512.LoadUnsafe(ref averageStream, i);
                    average = average + averageShare * (parameter - average);
                    Vector512.StoreUnsafe(average, ref averageStream, i);
                }
                // after the rule: g ← 0
                if (phase.ZeroesGradients)
                {
                    Vector512.StoreUnsafe(Vector512<float>.Zero, ref gradientStream, i);
                }
            }
        }
    }
