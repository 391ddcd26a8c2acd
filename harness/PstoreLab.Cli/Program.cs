using PstoreLab.Cli;

return await CommandLine.RunAsync(args);
