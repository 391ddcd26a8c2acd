// A harness to be killed: starts a child that never ends, prints the child's process id, and waits until it is killed
// itself.
using PstoreLab.Harness.Processes;

await using var child = new ProcessRunner().Start(new ProcessSpec("sleep", "1000"));
Console.WriteLine(child.Id);
await child.Exit;
