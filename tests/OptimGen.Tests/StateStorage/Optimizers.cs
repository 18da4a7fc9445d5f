namespace OptimGen.Tests.StateStorage;

[Optimizer(ElementType = typeof(double)), Ewa(0.9)]
public sealed partial class MomentumOfDoubles;

/// <summary>Every state as the optimizer says.</summary>
[Optimizer(StateStorage = Storage.Block8), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
public sealed partial class AdamInBlocks;

/// <summary>One state as it says itself, one as the optimizer says, one as the element type although the optimizer says otherwise.</summary>
[Optimizer(StateStorage = Storage.BFloat16, StateRounding = StorageRounding.Nearest)]
public sealed partial class ThreeForms
{
    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State(Storage = Storage.Block8, IsNonNegative = true)] ref float squares, [State(InitialValue = 0.1)] ref float average,
        [State(Storage = Storage.Native, CopyOfParameter = true)] ref float slow)
    {
        squares = (0.99f * squares) + (0.01f * gradient * gradient);
        average = (0.9f * average) + (0.1f * gradient);
        slow += 0.1f * (parameter - slow);
        return slow - (0.01f * average / (MathF.Sqrt(squares) + 1e-8f));
    }
}

/// <summary>Hands each gradient to a state as it is, and to one that is declared never to be negative and is all the same.</summary>
[Optimizer(StorageKernels = true)]
public sealed partial class LastGradients
{
    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float last, [State(IsNonNegative = true)] ref float unsigned)
    {
        float before = unsigned;
        unsigned = last;
        last = gradient;
        return parameter + before;
    }
}

[Optimizer, Ewa(0.9)]
public sealed partial class WithoutStorageKernels;

/// <summary>Nothing but θ − g: no product of zero and infinity.</summary>
[Optimizer]
public sealed partial class Descent
{
    [UpdateRule]
    private static float Update(float parameter, float gradient) => parameter - gradient;
}
