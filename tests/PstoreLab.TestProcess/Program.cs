// A harness to be killed: starts a child that never ends through the runner named by the first argument, prints the
// child's process id, and waits until it is killed itself.
using PstoreLab.Harness.Processes;

var runner = ProcessRunner.Available.Single(runner => runner.Name == args[0]);
await using var child = runner.Start(new ProcessSpec("sleep", "1000"));
Console.WriteLine(child.Id);
await child.Exit;
