    private static void UpdateStored<TParameter, TGradient, TState, TNonNegative, TRandom>(
            TParameter parameterStream, TGradient gradientStream, TState firstMomentStream, ref float averageStream, TRandom random,
            nuint count, in GroupValues group, in StepPhase<float> phase)
            where TParameter : struct, IStreamAccess<TParameter, Vector256<uint>>
            where TGradient : struct, IGradientAccess<TGradient, Vector256<uint>>
            where TState : struct, IStreamAccess<TState, Vector256<uint>>
            where TNonNegative : struct, IStreamAccess<TNonNegative, Vector256<uint>>
            where TRandom : struct, IRandomWords<TRandom, Vector256<uint>>
        {
            for (nuint start = 0; start < count; start += 256)
            {
                parameterStream.BeginBlock(start);
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
                    Vector256<uint> randomWords = random.Next();
                    Vector256<uint> parameterLower, firstMomentLower;
                    {
                        if (phase.FetchesAhead)
                        {
                            parameterStream.Prefetch(i);
                            gradientStream.Prefetch(i);
                            firstMomentStream.Prefetch(i);
                            if (phase.AveragesParameters)
                            {
                                Prefetch.Ahead(ref averageStream, i);
                            }
                        }

                        Vector256<float> gradient = gradientStream.Load(i).AsSingle();
                        // before the rule: g ← clamp(f·g, −c, +c)
                        if (phase.AdjustsGradients)
                        {
                            gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                        }
                        Vector256<float> firstMoment = firstMomentStream.Load(i).AsSingle();
                        // first moment: m ← β₁·m + (1 − β₁)·g
                        firstMoment = Vector256.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                        firstMomentLower = Vector256.AsUInt32(firstMoment);
                        Vector256<float> parameter = parameterStream.Load(i).AsSingle();
                        // update: θ ← θ − η·m
                        parameter = Vector256.FusedMultiplyAdd(negativeLearningRate, firstMoment, parameter);
                        parameterLower = Vector256.AsUInt32(parameter);
                        // after the rule: ā ← ā + (1 − β)(θ − ā)
                        if (phase.AveragesParameters)
                        {
                            Vector256<float> average = Vector256.LoadUnsafe(ref averageStream, i);
                            average = average + averageShare * (parameter - average);
                            Vector256.StoreUnsafe(average, ref averageStream, i);
                        }
                    }
                    {
                        if (phase.FetchesAhead)
                        {
                            if (phase.AveragesParameters)
                            {
                                Prefetch.Ahead(ref averageStream, i + 16);
                            }
                        }

                        Vector256<float> gradient = gradientStream.Load(i + 16).AsSingle();
                        if (phase.AdjustsGradients)
                        {
                            gradient = Vector256.Min(Vector256.Max(gradient * gradientFactor, negativeGradientLimit), gradientLimit);
                        }
                        Vector256<float> firstMoment = firstMomentStream.Load(i + 16).AsSingle();
                        firstMoment = Vector256.FusedMultiplyAdd(beta1, firstMoment, oneMinusBeta1 * gradient);
                        firstMomentStream.Store(firstMomentLower, Vector256.AsUInt32(firstMoment), randomWords, i);
                        Vector256<float> parameter = parameterStream.Load(i + 16).AsSingle();
                        parameter = Vector256.FusedMultiplyAdd(negativeLearningRate, firstMoment, parameter);
                        parameterStream.Store(parameterLower, Vector256.AsUInt32(parameter), randomWords, i);
                        if (phase.AveragesParameters)
                        {
                            Vector256<float> average = Vector256.LoadUnsafe(ref averageStream, i + 16);
                            average = average + averageShare * (parameter - average);
                            Vector256.StoreUnsafe(average, ref averageStream, i + 16);
                        }
                        // after the rule: g ← 0
                        if (phase.ZeroesGradients)
                        {
                            gradientStream.Clear(i);
                        }
                    }
                }

                parameterStream.EndBlock();
                firstMomentStream.EndBlock();
                parameterStream.EncodeBlock(start);
                firstMomentStream.EncodeBlock(start);
            }

            parameterStream.End(count);
            firstMomentStream.End(count);
        }
    }
