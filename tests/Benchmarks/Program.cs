using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Segmentation.Benchmarks;
using Segmentation.Benchmarks.Ingest;
using Segmentation.Benchmarks.Live;
using Segmentation.Benchmarks.Scale;

// Those that need servers: the scripts beside this file start them.
string Argument(string name) => args[Array.IndexOf(args, name) + 1];
int Number(string name) => int.Parse(Argument(name), System.Globalization.CultureInfo.InvariantCulture);
switch (args.FirstOrDefault())
{
    case "scale":
        using (var scale = new ScaleBenchmark(Argument("--kubeconfig"), new Uri(Argument("--operator"))))
            await scale.RunAsync(Number("--segments"), Number("--namespaces"), TimeSpan.FromSeconds(Number("--seconds")));
        return 0;
    case "restarted":
        await ScaleBenchmark.RestartedAsync(new Uri(Argument("--operator")), Number("--segments"));
        return 0;
    case "ingest":
        return await IngestCommand.RunAsync(args[1..]);
    case "live":
        await LiveCommand.RunAsync(args[1..]);
        return 0;
    case "histories":
        HistoryMemory.Run();
        return 0;
}

// In this process: what is measured allocates next to nothing, and a project generated per run could not be restored everywhere.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance).WithIterationCount(7))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddColumn(new PerSecondColumn())
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(ConsoleLogger.Default);
BenchmarkSwitcher.FromAssembly(typeof(EvaluationBenchmarks).Assembly).Run(args, config);
return 0;
