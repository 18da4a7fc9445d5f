    private static void UpdateStored<TState, TNonNegative>(
            ref float parameterStream, ref float gradientStream, TState firstMomentStream, ref float averageStream, nuint count,
            in GroupValues group, in StepPhase<float> phase)
            where TState : struct, IStoredState<TState, Vector256<uint>>
            where TNonNegative : struct, IStoredState<TNonNegative, Vector256<uint>>
        {
            for (nuint start = 0; start < count; start += 256)
            {
                firstMomentStream.BeginBlock(start);

                // Broadcast for each block: across the calls that encode one they would be spilled, and reloaded in the inner loop.
                Vector256<float> beta1 = Vector256.Create(group.Beta1);
                Vector256<float> oneMinusBeta1 = Vector256.Create(group.OneMinusBeta1);
                Vector256<float> negativeLearningRate = Vector256.Create(group.NegativeLearningRate);
                Vector256<float> negativeGradientLimit = Vector256.Create(phase.NegativeGradientLimit);
                Vector256<float> gradientLimit = Vector256.Create(phase.GradientLimit);
                Vector256<float> gradientFactor = Vector256.Create(phase.GradientFactor);
                Vector256<float> averageShare = Vector256.Create(phase.AverageShare);

                nuint end = nuint.Min(start + 256, count);
                // The elements i and i + 16 of each 32 share the random bits of their rounding.
                for (nuint i = start; i < end; i += 8 + (i + 8 & 16))
                {
                    Vector256<uint> firstMomentLower;
                    {
                        if (phase.FetchesAhead)
                        {
                            Prefetch.Ahead(ref parameterStream, i);
                            Prefetch.Ahead(ref gradientStream, i);
                            firstMomentStream.Prefetch(i);
                            if (phase.AveragesParameters)
                            {
                                Prefetch.Ahead(ref averageStream, i);
                            }
                        }

                        Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i);
                        // before the rule: g ← clamp(f·g, −c, +c)
                        if (phase.AdjustsGradients)
                        {
                            gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                        }
                        Vector256<float> firstMoment = firstMomentStream.Load(i).AsSingle();
                        // first moment: m ← β₁·m + (1 − β₁)·g
                        firstMoment = Vector256.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                        firstMomentLower = Vector256.AsUInt32(firstMoment);
                        Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i);
                        // update: θ ← θ − η·m
                        parameter = Vector256.FusedMultiplyAdd(negativeLearningRate, firstMoment, parameter);
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
                    {
                        if (phase.FetchesAhead)
                        {
                            Prefetch.Ahead(ref parameterStream, i + 16);
                            Prefetch.Ahead(ref gradientStream, i + 16);
                            if (phase.AveragesParameters)
                            {
                                Prefetch.Ahead(ref averageStream, i + 16);
                            }
                        }

                        Vector256<float> gradient = Vector256.LoadUnsafe(ref gradientStream, i + 16);
                        if (phase.AdjustsGradients)
                        {
                            gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                        }
                        Vector256<float> firstMoment = firstMomentStream.Load(i + 16).AsSingle();
                        firstMoment = Vector256.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                        firstMomentStream.Store(firstMomentLower, Vector256.AsUInt32(firstMoment), i);
                        Vector256<float> parameter = Vector256.LoadUnsafe(ref parameterStream, i + 16);
                        parameter = Vector256.FusedMultiplyAdd(negativeLearningRate, firstMoment, parameter);
                        Vector256.StoreUnsafe(parameter, ref parameterStream, i + 16);
                        if (phase.AveragesParameters)
                        {
                            Vector256<float> average = Vector256.LoadUnsafe(ref averageStream, i + 16);
                            average = average + averageShare * (parameter - average);
                            Vector256.StoreUnsafe(average, ref averageStream, i + 16);
                        }
                        if (phase.ZeroesGradients)
                        {
                            Vector256.StoreUnsafe(Vector256<float>.Zero, ref gradientStream, i + 16);
                        }
                    }
                }

                firstMomentStream.EndBlock();
                firstMomentStream.EncodeBlock(start);
            }

            firstMomentStream.End(count);
        }
    }
