namespace OptimGen.Tests.Kernels;

/// <summary>A rule gives the same bits on every instruction set, at every length, at every alignment, however the elements are divided.</summary>
public class SameBitsTests
{
    private const int Steps = 5;

    public static TheoryData<string> All => RuleCases.All;

    public static TheoryData<string, InstructionSet> AFewOnEverySet => RuleCases.AFewOnEverySet;

    /// <summary>Rules whose bias correction ends after some steps, and the same rules without bias correction.</summary>
    public static TheoryData<string, string> WithAndWithoutCorrection => new()
    {
        { "AverageCorrectedFirstSteps", "Average" },
        { "AverageNesterovCorrectedFirstSteps", "AverageNesterov" },
        { "RmsCorrectedFirstSteps", "Rms" },
        { "RmsCenteredCorrectedFirstSteps", "RmsCentered" },
        { "AdamCorrectedFirstSteps", "AdamUncorrected" },
        { "TrackCorrectedFirstSteps", "Track" },
    };

    [Theory, MemberData(nameof(All))]
    public void OrdinaryValues_GiveTheBitsOfTheScalarKernel(string rule)
    {
        float[][] gradients = [.. Enumerable.Range(1, Steps).Select(step => Data.Gradient(EveryLength.Longest, step))];
        AssertSameBits(rule, Data.Values(EveryLength.Longest), gradients, specialState: false);
    }

    [Theory, MemberData(nameof(All))]
    public void SpecialValues_GiveTheBitsOfTheScalarKernel(string rule)
    {
        float[][] gradients = [.. Enumerable.Range(1, Steps).Select(step => Data.Special(EveryLength.Longest, seed: step))];
        AssertSameBits(rule, Data.Special(EveryLength.Longest, seed: 100), gradients, specialState: true);
    }

    [Theory, MemberData(nameof(AFewOnEverySet))]
    public void EveryAlignment_GivesTheBitsOfAlignedMemory(string rule, InstructionSet set)
    {
        int[] lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 79, 80, 127, 128, 129, 255, 256, 257];
        var aligned = new ParameterSet();
        aligned.Add("aligned", EveryLength.Longest);
        Optimizer<float> want = RuleCases.Create(rule, aligned, set);

        var values = new GuardedMemory(60_000);
        var gradients = new GuardedMemory(60_000);
        var parameters = new ParameterSet();
        for (int offset = 0; offset < 16; offset++)
        {
            foreach (int length in lengths)
            {
                parameters.Wrap($"offset {offset}, length {length}", values.Take(length, offset), gradients.Take(length, ((5 * offset) + 3) % 16));
            }
        }

        Optimizer<float> got = RuleCases.Create(rule, parameters, set);
        Optimizer<float>[] both = [want, got];
        Fill(both, parameter => parameter.Values, Data.Values(EveryLength.Longest));
        for (int step = 1; step <= 3; step++)
        {
            Fill(both, parameter => parameter.Gradients, Data.Gradient(EveryLength.Longest, step));
            want.Step();
            got.Step();
            string where = $"{rule}, {set}, step {step}";
            values.AssertIntact(where);
            gradients.AssertIntact(where);
            foreach (Parameter<float> parameter in parameters)
            {
                Bits.AssertEqual(parameter.Values, aligned[0].Values[..parameter.Length], $"{where}, {parameter.Name}");
                foreach (StateDefinition state in got.Definition.States)
                {
                    Bits.AssertEqual(
                        got.GetState(parameter, state.Name),
                        want.GetState(aligned[0], state.Name)[..parameter.Length],
                        $"{where}, {parameter.Name}, {state.Name}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(All))]
    public void ManyParameters_GiveTheBitsOfOne(string rule)
    {
        const int total = 1000;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var one = new ParameterSet();
            one.Add("all", total);
            float[] whole = Run(rule, set, one);

            var pieces = new ParameterSet();
            ParameterGroup<float>[] groups = [pieces.Groups[0], pieces.AddGroup("second"), pieces.AddGroup("third")];
            var random = new Random(7);
            int count = 0;
            for (int left = total; left > 0; count++)
            {
                int length = Math.Min(left, random.Next(1, 60));
                _ = random.Next(3) switch
                {
                    0 => groups[0].Add($"{count}", length),
                    1 => groups[random.Next(3)].AddBias($"{count}", length),
                    _ => groups[random.Next(3)].Wrap($"{count}", new float[length], new float[length]),
                };
                left -= length;
            }

            Bits.AssertEqual(Run(rule, set, pieces), whole, $"{rule}, {set}, {count} parameters");
        }
    }

    [Theory, MemberData(nameof(WithAndWithoutCorrection))]
    public void AfterTheCorrectedSteps_TheBitsAreThoseOfTheRuleWithoutCorrection(string rule, string uncorrected)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            EveryLength got = EveryLength.Wrapped(rule, set);
            EveryLength want = EveryLength.Wrapped(uncorrected, set);
            foreach (HyperparameterDefinition one in got.Optimizer.Definition.Hyperparameters)
            {
                want.Optimizer.SetHyperparameter(one.Name, one.Default);
            }

            got.SetValues(Data.Values(EveryLength.Longest));
            for (int step = 1; step <= 3; step++)
            {
                got.Step(Data.Gradient(EveryLength.Longest, step));
            }

            // Copies parameters and state to the rule without bias correction, at the step where the correction has ended.
            foreach ((Parameter<float> from, Parameter<float> to) in got.Optimizer.Parameters.Zip(want.Optimizer.Parameters))
            {
                from.Values.CopyTo(to.Values);
                foreach (StateDefinition state in got.Optimizer.Definition.States)
                {
                    got.Optimizer.GetState(from, state.Name).CopyTo(want.Optimizer.GetState(to, state.Name));
                }
            }

            for (int step = 4; step <= 5; step++)
            {
                got.Step(Data.Gradient(EveryLength.Longest, step));
                want.Step(Data.Gradient(EveryLength.Longest, step));
                AssertSameStreams(got, want, $"{rule}, {set}, step {step}");
            }
        }
    }

    private static void AssertSameBits(string rule, float[] values, float[][] gradients, bool specialState)
    {
        EveryLength[] all = [.. InstructionSets.Supported.Append(InstructionSet.Scalar).Distinct().Select(set => EveryLength.Wrapped(rule, set))];
        EveryLength scalar = all.Single(one => one.Set == InstructionSet.Scalar);
        foreach (EveryLength lengths in all)
        {
            lengths.Optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
            lengths.SetValues(values);
            for (int i = 0; specialState && i < lengths.Optimizer.Definition.States.Count; i++)
            {
                lengths.SetState(lengths.Optimizer.Definition.States[i].Name, Data.Special(EveryLength.Longest, seed: 200 + i));
            }
        }

        foreach (float[] gradient in gradients)
        {
            scalar.Step(gradient);
            foreach (EveryLength lengths in all.Where(one => one != scalar))
            {
                lengths.Step(gradient);
                AssertSameStreams(lengths, scalar, $"{rule}, {lengths.Set} against Scalar, step {lengths.Optimizer.StepCount}");
            }
        }
    }

    private static void AssertSameStreams(EveryLength got, EveryLength want, string where)
    {
        foreach (((string stream, var readGot), (_, var readWant)) in got.Streams().Zip(want.Streams()))
        {
            for (int i = 0; i < EveryLength.Longest; i++)
            {
                Bits.AssertEqual(readGot(got.Optimizer.Parameters[i]).Span, readWant(want.Optimizer.Parameters[i]).Span, $"{where}, {stream}");
            }
        }
    }

    /// <summary>Three steps over the elements in the order of the parameters; gives parameters and states.</summary>
    private static float[] Run(string rule, InstructionSet set, ParameterSet parameters)
    {
        Optimizer<float> optimizer = RuleCases.Create(rule, parameters, set);
        int total = (int)parameters.ElementCount;
        Scatter(parameters, parameter => parameter.Values, Data.Values(total));
        for (int step = 1; step <= 3; step++)
        {
            Scatter(parameters, parameter => parameter.Gradients, Data.Gradient(total, step));
            optimizer.Step();
        }

        IEnumerable<float> all = parameters.SelectMany(parameter => parameter.Values.ToArray());
        foreach (StateDefinition state in optimizer.Definition.States)
        {
            all = all.Concat(parameters.SelectMany(parameter => optimizer.GetState(parameter, state.Name).ToArray()));
        }

        return [.. all];
    }

    private static void Scatter(ParameterSet parameters, SpanOf span, ReadOnlySpan<float> data)
    {
        foreach (Parameter<float> parameter in parameters)
        {
            data[..parameter.Length].CopyTo(span(parameter));
            data = data[parameter.Length..];
        }
    }

    private static void Fill(Optimizer<float>[] optimizers, SpanOf span, float[] data)
    {
        foreach (Parameter<float> parameter in optimizers.SelectMany(optimizer => optimizer.Parameters))
        {
            data.AsSpan(0, parameter.Length).CopyTo(span(parameter));
        }
    }

    private delegate Span<float> SpanOf(Parameter<float> parameter);
}
