using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests.Refusals;

/// <summary>Files that nothing can be made of, and command lines over them.</summary>
internal sealed class RefusalFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("refusals-").FullName;

    public RefusalFolder()
    {
        Write("notes.txt", "no store at all\n");
        Write("empty", "");
        Write("broken.yaml", "scenario: broken\nsteps: [\n");
        Write(
            "wrong.yaml",
            "scenario: wrong\nsummary: It is.\nmatrix:\n  backend: [erst]\nsteps:\n  - crsh: sysrq-c\n"
        );
        Write("other.yaml", "scenario: another\n");
        Write("list.jsonl", "{\"case\":\n");
        Directory.CreateDirectory(Path.Combine(_root, "folder"));
    }

    /// <summary>All that a command says, and what it ends with; the folder's own name is taken out.</summary>
    /// <param name="line">Its words, as a shell would read them.</param>
    public async Task<string> SaysAsync(string line)
    {
        var run = await new ProcessRunner().RunAsync(
            new ProcessSpec("/bin/sh", ["-c", $"\"$0\"{line}", CommandRun.Program]) { WorkingDirectory = _root }
        );
        string said = (run.StandardOutput + run.StandardError)
            .Replace($"{_root}/", "", StringComparison.Ordinal)
            .Replace(_root, ".", StringComparison.Ordinal);
        return $"{said}exit {run.Exit.Code}\n";
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);
}
