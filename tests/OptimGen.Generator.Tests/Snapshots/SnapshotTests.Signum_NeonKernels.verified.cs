    file sealed class NeonKernels(Rule rule) : RuleKernels<float>(4)
    {
        public override void Update(in KernelStreams<float> streams) => Update(
            ref streams.Parameter, ref streams.Gradient, ref streams.State(0), streams.Count, in rule.Groups[streams.Group]);

        public override void UpdateInPhase(in KernelStreams<float> streams, in StepPhase<float> phase) => UpdateInPhase(
            ref streams.Parameter, ref streams.Gradient, ref streams.State(0), ref phase.Average, streams.Count,
            in rule.Groups[streams.Group], in phase);

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Update(
            ref float parameterStream, ref float gradientStream, ref float firstMomentStream, nuint count, in GroupValues group)
        {
            Vector128<float> beta1 = Vector128.Create(group.Beta1);
            Vector128<float> oneMinusBeta1 = Vector128.Create(group.OneMinusBeta1);
            Vector128<float> negativeLearningRate = Vector128.Create(group.NegativeLearningRate);

            nuint i = 0;
            // 2 vectors of 4 elements at a time: with 9 instructions for each, the loop's own three are then about 14% of an iteration.
            for (nuint end = count - (count % 8); i < end; i += 8)
            {
                {
                    Vector128<float> firstMoment = Vector128.LoadUnsafe(ref firstMomentStream, i);
                    Vector128<float> gradient = Vector128.LoadUnsafe(ref gradientStream, i);
                    // first moment: m ← β₁·m + (1 − β₁)·g
                    firstMoment = Vector128.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                    Vector128.StoreUnsafe(firstMoment, ref firstMomentStream, i);
                    Vector128<float> parameter = Vector128.LoadUnsafe(ref parameterStream, i);
                    // update: θ ← θ − η·sign(m)
                    parameter = Vector128.FusedMultiplyAdd(
                        negativeLearningRate,
                        Vector128.BitwiseOr(
                            Vector128.AndNot(
                                Vector128<float>.One | (firstMoment & Vector128.Create(-0f)),
                                Vector128.Equals(firstMoment, Vector128<float>.Zero)),
                            ~Vector128.Equals(firstMoment, firstMoment)),
                        parameter);
                    Vector128.StoreUnsafe(parameter, ref parameterStream, i);
                }
                {
                    Vector128<float> firstMoment = Vector128.LoadUnsafe(ref firstMomentStream, i + 4);
                    Vector128<float> gradient = Vector128.LoadUnsafe(ref gradientStream, i + 4);
                    firstMoment = Vector128.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                    Vector128.StoreUnsafe(firstMoment, ref firstMomentStream, i + 4);
                    Vector128<float> parameter = Vector128.LoadUnsafe(ref parameterStream, i + 4);
                    parameter = Vector128.FusedMultiplyAdd(
                        negativeLearningRate,
                        Vector128.BitwiseOr(
                            Vector128.AndNot(
                                Vector128<float>.One | (firstMoment & Vector128.Create(-0f)),
                                Vector128.Equals(firstMoment, Vector128<float>.Zero)),
                            ~Vector128.Equals(firstMoment, firstMoment)),
                        parameter);
                    Vector128.StoreUnsafe(parameter, ref parameterStream, i + 4);
                }
            }

            for (; i < count; i += 4)
            {
                Vector128<float> firstMoment = Vector128.LoadUnsafe(ref firstMomentStream, i);
                Vector128<float> gradient = Vector128.LoadUnsafe(ref gradientStream, i);
                firstMoment = Vector128.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                Vector128.StoreUnsafe(firstMoment, ref firstMomentStream, i);
                Vector128<float> parameter = Vector128.LoadUnsafe(ref parameterStream, i);
                parameter = Vector128.FusedMultiplyAdd(
                    negativeLearningRate,
                    Vector128.BitwiseOr(
                        Vector128.AndNot(
                            Vector128<float>.One | (firstMoment & Vector128.Create(-0f)),
                            Vector128.Equals(firstMoment, Vector128<float>.Zero)),
                        ~Vector128.Equals(firstMoment, firstMoment)),
                    parameter);
                Vector128.StoreUnsafe(parameter, ref parameterStream, i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void UpdateInPhase(
            ref float parameterStream, ref float gradientStream, ref float firstMomentStream, ref float averageStream, nuint count,
            in GroupValues group, in StepPhase<float> phase)
        {
            Vector128<float> beta1 = Vector128.Create(group.Beta1);
            Vector128<float> oneMinusBeta1 = Vector128.Create(group.OneMinusBeta1);
            Vector128<float> negativeLearningRate = Vector128.Create(group.NegativeLearningRate);
            Vector128<float> negativeGradientLimit = Vector128.Create(phase.NegativeGradientLimit);
            Vector128<float> gradientLimit = Vector128.Create(phase.GradientLimit);
            Vector128<float> gradientFactor = Vector128.Create(phase.GradientFactor);
            Vector128<float> averageShare = Vector128.Create(phase.AverageShare);

            for (nuint i = 0; i < count; i += 4)
            {
                Vector128<float> gradient = Vector128.LoadUnsafe(ref gradientStream, i);
                // before the rule: g ← clamp(f·g, −c, +c)
                gradient = Vector128.Min(Vector128.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                Vector128<float> firstMoment = Vector128.LoadUnsafe(ref firstMomentStream, i);
                // first moment: m ← β₁·m + (1 − β₁)·g
                firstMoment = Vector128.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                Vector128.StoreUnsafe(firstMoment, ref firstMomentStream, i);
                Vector128<float> parameter = Vector128.LoadUnsafe(ref parameterStream, i);
                // update: θ ← θ − η·sign(m)
                parameter = Vector128.FusedMultiplyAdd(
                    negativeLearningRate,
                    Vector128.BitwiseOr(
                        Vector128.AndNot(
                            Vector128<float>.One | (firstMoment & Vector128.Create(-0f)),
                            Vector128.Equals(firstMoment, Vector128<float>.Zero)),
                        ~Vector128.Equals(firstMoment, firstMoment)),
                    parameter);
                Vector128.StoreUnsafe(parameter, ref parameterStream, i);
                // after the rule: ā ← ā + (1 − β)(θ − ā)
                if (phase.AveragesParameters)
                {
                    Vector128<float> average = Vector128.LoadUnsafe(ref averageStream, i);
                    average = average + averageShare * (parameter - average);
                    Vector128.StoreUnsafe(average, ref averageStream, i);
                }
                // after the rule: g ← 0
                if (phase.ZeroesGradients)
                {
                    Vector128.StoreUnsafe(Vector128<float>.Zero, ref gradientStream, i);
                }
            }
        }
    }
