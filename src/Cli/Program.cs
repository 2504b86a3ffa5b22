using Segmentation.Cli;

return await CommandLine.RunAsync(args, Terminal.OfThisProcess());
