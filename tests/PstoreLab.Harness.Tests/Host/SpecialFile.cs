using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Tests.Host;

/// <summary>Files that must not be opened.</summary>
internal static class SpecialFile
{
    /// <summary>Makes a pipe with nobody at its other end, so that who opens it waits for ever.</summary>
    public static async Task<string> PipeAsync(string path)
    {
        (await new ProcessRunner().RunAsync(new ProcessSpec("mkfifo", path))).EnsureSuccess();
        return path;
    }
}
