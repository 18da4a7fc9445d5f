using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OptimGen.Tests.Execution;

/// <summary>Test collection for the threads that all optimizers share: no other test runs at the same time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>
/// What a step leaves in the process: threads and references. A test at the same time could keep the team busy, so that it starts no threads.
/// </summary>
[Collection(nameof(Alone))]
public class AloneTests
{
    [Theory]
    [InlineData(1), InlineData(2)]
    public void AStep_AllocatesNothing(int threads)
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 100_000), bias = parameters.AddGroup("biases").AddBias("bias", 10);
        Optimizer<float>[] optimizers = [new Adam(parameters), new Lamb(parameters), new AdamW(parameters)];
        (optimizers[2].MaxGradientNorm, optimizers[2].GradientScale, optimizers[2].ZeroGradientsAfterStep) = (1, 0.5, true);
        optimizers[2].AverageParameters(0.9);
        bias.Gradients.Fill(1);
        void Step()
        {
            weights.Gradients.Fill(1);
            foreach (Optimizer<float> optimizer in optimizers)
            {
                optimizer.MaxDegreeOfParallelism = threads;
                optimizer.Step();
            }
        }

        // The just-in-time compiler can allocate on the thread that makes it compile a method anew. It does so once; a step that allocates does it each time.
        long allocated = long.MaxValue;
        for (int attempt = 0; allocated > 0 && attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 100; step++)
            {
                Step();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    /// <summary>A plug-in whose optimizers have stepped on several threads, or failed on them, can be unloaded while the threads live.</summary>
    [Theory]
    [InlineData(nameof(Step)), InlineData(nameof(Fail))]
    public void AnAssemblyWhoseOptimizerHasStepped_CanBeUnloaded(string method)
    {
        WeakReference context = RunInContextOfItsOwn(method);
        for (int attempt = 0; context.IsAlive && attempt < 50; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        Assert.True(Team.Shared.ThreadCount >= 1, "The thread has ended, so the test says nothing.");
        Assert.False(context.IsAlive);
    }

    /// <summary>Takes steps on two threads. Called in the copy of this assembly that will be unloaded.</summary>
    internal static void Step()
    {
        var parameters = new ParameterSet();
        parameters.Add("weights", 200_000).Gradients.Fill(1);
        var optimizer = new Kernels.Adam(parameters) { MaxDegreeOfParallelism = 2 };
        for (int step = 0; step < 50; step++)
        {
            optimizer.Step();
        }
    }

    /// <summary>Throws an exception type of this assembly, on a thread other than the caller's.</summary>
    internal static void Fail()
    {
        var work = new Failing();
        Assert.Throws<FailingException>(() => Team.Shared.Run(work, 2));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunInContextOfItsOwn(string method)
    {
        var context = new AssemblyLoadContext("plug-in", isCollectible: true);
        Type copy = context.LoadFromAssemblyPath(typeof(AloneTests).Assembly.Location).GetType(typeof(AloneTests).FullName!)!;
        Assert.NotSame(typeof(AloneTests), copy);
        copy.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, null);
        context.Unload();
        return new WeakReference(context);
    }

    private sealed class Failing : ITeamWork
    {
        private int missing = 2;

        public void Work(int member)
        {
            Interlocked.Decrement(ref missing);
            SpinWait.SpinUntil(() => Volatile.Read(ref missing) == 0);
            if (member == 1)
            {
                throw new FailingException();
            }
        }
    }

    private sealed class FailingException : Exception;
}
