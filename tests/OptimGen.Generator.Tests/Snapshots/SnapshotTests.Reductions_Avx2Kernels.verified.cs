    file sealed class Avx2Kernels(Rule rule) : RuleKernels<float>(8)
    {
        public override void Update(in KernelStreams<float> streams) => Update(
            ref streams.Parameter, ref streams.Gradient, streams.Count, in rule.Tensors[streams.Tensor]);

        public override void UpdateInPhase(in KernelStreams<float> streams, in StepPhase<float> phase) => UpdateInPhase(
            ref streams.Parameter, ref streams.Gradient, ref phase.Average, streams.Count, in rule.Tensors[streams.Tensor], in phase);

        public override void Reduce(int reduction, in KernelStreams<float> streams, in StepPhase<float> phase, ref double lanes)
        {
            switch (reduction)
            {
                case 0:
                    ReduceGradientNorm(ref streams.Gradient, streams.Count, in phase, ref lanes);
                    break;
                case 1:
                    ReduceLargest(ref streams.Parameter, ref streams.Gradient, streams.Count, in phase, ref lanes);
                    break;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Update(ref float parameterStream, ref float gradientStream, nuint count, in TensorValues tensor)
        {
            Vector256<float> rate = Vector256.Create(tensor.Rate);

            nuint i = 0;
            // 4 vectors of 8 elements at a time: with 5 instructions for each, the loop's own three are then about 13% of an iteration.
            for (nuint end = count - (count % 32); i < end; i += 32)
            {
                {
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i);
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                    parameter = parameter - rate * gradient;
                    Vector256.StoreUnsafe(parameter, ref parameterStream, i);
                }
                {
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i + 8);
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 8);
                    parameter = parameter - rate * gradient;
                    Vector256.StoreUnsafe(parameter, ref parameterStream, i + 8);
                }
                {
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i + 16);
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 16);
                    parameter = parameter - rate * gradient;
                    Vector256.StoreUnsafe(parameter, ref parameterStream, i + 16);
                }
                {
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i + 24);
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 24);
                    parameter = parameter - rate * gradient;
                    Vector256.StoreUnsafe(parameter, ref parameterStream, i + 24);
                }
            }

            for (; i < count; i += 8)
            {
                Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i);
                Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                parameter = parameter - rate * gradient;
                Vector256.StoreUnsafe(parameter, ref parameterStream, i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void UpdateInPhase(
            ref float parameterStream, ref float gradientStream, ref float averageStream, nuint count, in TensorValues tensor,
            in StepPhase<float> phase)
        {
            Vector256<float> rate = Vector256.Create(tensor.Rate);
            Vector256<float> negativeGradientLimit = Vector256.Create(phase.NegativeGradientLimit);
            Vector256<float> gradientLimit = Vector256.Create(phase.GradientLimit);
            Vector256<float> gradientFactor = Vector256.Create(phase.GradientFactor);
            Vector256<float> averageShare = Vector256.Create(phase.AverageShare);

            for (nuint i = 0; i < count; i += 8)
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

                Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                // before the rule: g ← clamp(f·g, −c, +c)
                gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i);
                parameter = parameter - rate * gradient;
                Vector256.StoreUnsafe(parameter, ref parameterStream, i);
                // after the rule: ā ← ā + (1 − β)(θ − ā)
                if (phase.AveragesParameters)
                {
                    Vector256<float> average = Vector256.LoadUnsafe(ref averageStream, i);
                    average = average + averageShare * (parameter - average);
                    Vector256.StoreUnsafe(average, ref averageStream, i);
                }
                // after the rule: g ← 0
                if (phase.ZeroesGradients)
                {
                    Vector256.StoreUnsafe(Vector256<float>.Zero, ref gradientStream, i);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void ReduceGradientNorm(ref float gradientStream, nuint count, in StepPhase<float> phase, ref double lanes)
        {
            Vector256<float> negativeGradientLimit = Vector256.Create(phase.NegativeGradientLimit);
            Vector256<float> gradientLimit = Vector256.Create(phase.GradientLimit);
            Vector256<float> gradientFactor = Vector256.Create(phase.GradientFactor);

            Vector256<double> sum0 = Vector256.LoadUnsafe(ref lanes, 0);
            Vector256<double> sum1 = Vector256.LoadUnsafe(ref lanes, 4);
            Vector256<double> sum2 = Vector256.LoadUnsafe(ref lanes, 8);
            Vector256<double> sum3 = Vector256.LoadUnsafe(ref lanes, 12);
            // 16 elements at a time, one for each lane.
            for (nuint i = 0; i < count; i += 16)
            {
                {
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                    // before the rule: g ← clamp(f·g, −c, +c)
                    gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(gradient);
                    sum0 += lower * lower;
                    sum1 += upper * upper;
                }
                {
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 8);
                    gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(gradient);
                    sum2 += lower * lower;
                    sum3 += upper * upper;
                }
            }

            Vector256.StoreUnsafe(sum0, ref lanes, 0);
            Vector256.StoreUnsafe(sum1, ref lanes, 4);
            Vector256.StoreUnsafe(sum2, ref lanes, 8);
            Vector256.StoreUnsafe(sum3, ref lanes, 12);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void ReduceLargest(
            ref float parameterStream, ref float gradientStream, nuint count, in StepPhase<float> phase, ref double lanes)
        {
            Vector256<float> negativeGradientLimit = Vector256.Create(phase.NegativeGradientLimit);
            Vector256<float> gradientLimit = Vector256.Create(phase.GradientLimit);
            Vector256<float> gradientFactor = Vector256.Create(phase.GradientFactor);

            Vector256<double> sum0 = Vector256.LoadUnsafe(ref lanes, 0);
            Vector256<double> sum1 = Vector256.LoadUnsafe(ref lanes, 4);
            Vector256<double> sum2 = Vector256.LoadUnsafe(ref lanes, 8);
            Vector256<double> sum3 = Vector256.LoadUnsafe(ref lanes, 12);
            // 16 elements at a time, one for each lane.
            for (nuint i = 0; i < count; i += 16)
            {
                {
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                    // before the rule: g ← clamp(f·g, −c, +c)
                    gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i);
                    Vector256<float> reduced = parameter - gradient;
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(reduced);
                    sum0 = Vector256.Max(sum0, Vector256.Abs(lower));
                    sum1 = Vector256.Max(sum1, Vector256.Abs(upper));
                }
                {
                    Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 8);
                    gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                    Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i + 8);
                    Vector256<float> reduced = parameter - gradient;
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(reduced);
                    sum2 = Vector256.Max(sum2, Vector256.Abs(lower));
                    sum3 = Vector256.Max(sum3, Vector256.Abs(upper));
                }
            }

            Vector256.StoreUnsafe(sum0, ref lanes, 0);
            Vector256.StoreUnsafe(sum1, ref lanes, 4);
            Vector256.StoreUnsafe(sum2, ref lanes, 8);
            Vector256.StoreUnsafe(sum3, ref lanes, 12);
        }
    }
