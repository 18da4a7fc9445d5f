using System.Globalization;

namespace OptimGen.RandomRules;

/// <summary>
/// Steps over parameters in bfloat16 beside the same rule over a set in single precision, which is given the number that each parameter stands for, and whose
/// results are encoded: by the definition of the update, written here once more for one element.
/// </summary>
internal static class BFloat16Comparison
{
    private const ulong Seed = 77;

    /// <summary>Compares values and states bit by bit after each step; a NaN equals every NaN.</summary>
    /// <param name="create">Makes the optimizer.</param>
    /// <param name="update">How parameters in bfloat16 are updated.</param>
    /// <param name="storage">The form of the parameters.</param>
    /// <param name="lengths">The lengths of the tensors.</param>
    /// <param name="steps">The number of steps.</param>
    /// <returns>The first difference, or <see langword="null"/>.</returns>
    public static string? Run(
        Func<ParameterSet<float>, OptimizerOptions, Optimizer<float>> create, BFloat16Update update, ParameterStorage storage, int[] lengths, int steps)
    {
        ParameterSet parameters = new(), singles = new();
        for (int tensor = 0; tensor < lengths.Length; tensor++)
        {
            parameters.Add($"tensor{tensor}", storage, lengths[tensor]);
            singles.Add($"tensor{tensor}", lengths[tensor]);
        }

        var options = new OptimizerOptions { BFloat16Update = update, RoundingSeed = Seed };
        Optimizer<float> optimizer = create(parameters, options), rule = create(singles, options);
        rule.InstructionSet = InstructionSet.Scalar;
        Tensor[] expected = [.. lengths.Select((length, tensor) => new Tensor(storage.Values == Storage.Native ? null : update, length, tensor))];
        var random = new Random(lengths.Sum());
        for (int tensor = 0; tensor < lengths.Length; tensor++)
        {
            parameters[tensor].SetValues(Near(random, lengths[tensor]));
            parameters[tensor].CopyValuesTo(expected[tensor].Values);
        }

        for (int step = 1; step <= steps; step++)
        {
            for (int tensor = 0; tensor < lengths.Length; tensor++)
            {
                parameters[tensor].SetGradients(Near(random, lengths[tensor]));
                parameters[tensor].CopyGradientsTo(singles[tensor].Gradients);
                expected[tensor].Numbers().CopyTo(singles[tensor].Values);
            }

            Exception? refusal = Refusal(optimizer), expectedRefusal = Refusal(rule);
            if (refusal?.GetType() != expectedRefusal?.GetType())
            {
                return $"step {step}: {refusal?.Message ?? "taken"}, and not: {expectedRefusal?.Message ?? "taken"}";
            }

            if (refusal is not null)
            {
                return null;
            }

            for (int tensor = 0; tensor < lengths.Length; tensor++)
            {
                expected[tensor].Take(singles[tensor].Values, step);
                var values = new float[lengths[tensor]];
                parameters[tensor].CopyValuesTo(values);
                if (Difference(expected[tensor].Values, values) is { } ofValues)
                {
                    return $"step {step}, values of tensor {tensor}: {ofValues}";
                }

                foreach (StateDefinition state in rule.Definition.States)
                {
                    if (Difference(rule.GetState(singles[tensor], state.Name), optimizer.GetState(parameters[tensor], state.Name)) is { } ofState)
                    {
                        return $"step {step}, {state.Name} of tensor {tensor}: {ofState}";
                    }
                }
            }
        }

        return null;
    }

    private static Exception? Refusal(Optimizer<float> optimizer)
    {
        try
        {
            optimizer.Step();
            return null;
        }
        catch (Exception exception) when (exception is ArithmeticException or NonFiniteGradientException)
        {
            return exception;
        }
    }

    private static string? Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]) && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                return string.Create(CultureInfo.InvariantCulture, $"[{i}] is {actual[i]:R} and not {expected[i]:R}");
            }
        }

        return null;
    }

    /// <summary>Numbers within a few octaves, and zeros.</summary>
    private static float[] Near(Random random, int length) =>
    [
        .. Enumerable.Range(0, length).Select(_ => random.Next(10) == 0 ? 0 : (float)((random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(random.Next(4) == 0 ? 40 : 12)))),
    ];

    /// <summary>One tensor by the definition of an update; in single precision without one.</summary>
    private sealed class Tensor(BFloat16Update? update, int length, int position)
    {
        private readonly uint[] kept = new uint[length];

        public float[] Values { get; } = new float[length];

        public float[] Numbers() => [.. Values.Select(Number)];

        public void Take(ReadOnlySpan<float> numbers, long step)
        {
            var rounding = new StochasticRounding(Seed, step, position, -1);
            for (int i = 0; i < numbers.Length; i++)
            {
                float number = numbers[i];
                uint bits = BitConverter.SingleToUInt32Bits(number);
                Values[i] = update switch
                {
                    null => number,
                    BFloat16Update.Stochastic => StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(number, rounding.Bits(i))),
                    BFloat16Update.Split => BitConverter.UInt32BitsToSingle(bits & 0xFFFF0000),
                    _ => StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(number)),
                };
                kept[i] = update == BFloat16Update.Kahan ? StorageCodec.EncodeBFloat16(number - Values[i]) : bits;
            }
        }

        private float Number(float value, int index)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            switch (update)
            {
                case BFloat16Update.Kahan:
                    float remainder = StorageCodec.DecodeBFloat16((ushort)kept[index]);
                    return MathF.Abs(remainder) <= MathF.Abs(value) / 256 && float.IsFinite(remainder) ? value + remainder : value;
                case BFloat16Update.Split:
                    return BitConverter.UInt32BitsToSingle(bits | (kept[index] & 0xFFFF));
                case BFloat16Update.Master:
                    float master = BitConverter.UInt32BitsToSingle(kept[index]);
                    return StorageCodec.EncodeBFloat16(master) == (ushort)(bits >> 16) ? master : value;
                default:
                    return value;
            }
        }
    }
}
