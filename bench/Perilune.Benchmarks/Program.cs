using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Perilune.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Perilune.Benchmarks.RunIdBenchmarks).Assembly).Run(args);
