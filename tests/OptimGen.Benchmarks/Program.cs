using OptimGen.Benchmarks.Commands;

return BenchmarkCommands.Invoke(args);
