namespace OptimGen.Tests.Golden;

/// <summary>How far a trajectory is from the exact one, over all elements and steps.</summary>
internal sealed record ErrorNorms(double Largest, double RootMeanSquare, double LargestRelative, double RootMeanSquareRelative)
{
    public static ErrorNorms Of(float[][] trajectory, double[][] exact)
    {
        double[] errors = [.. trajectory.Zip(exact).SelectMany(step => step.First.Zip(step.Second, (got, want) => Math.Abs(got - want)))];
        double[] relative = [.. errors.Zip(exact.SelectMany(step => step), (error, want) => error / Math.Abs(want))];
        return new ErrorNorms(errors.Max(), RootMeanSquareOf(errors), relative.Max(), RootMeanSquareOf(relative));
    }

    public override string ToString() => FormattableString.Invariant(
        $"max {Largest:e3}, rms {RootMeanSquare:e3}, relative: max {LargestRelative:e3}, rms {RootMeanSquareRelative:e3}");

    private static double RootMeanSquareOf(double[] errors) => Math.Sqrt(errors.Average(error => error * error));
}
