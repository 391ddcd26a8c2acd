namespace PstoreLab.Scenarios.Controls;

/// <summary>
/// The QEMU processes of one run, told from everybody else's by their working directory: a guest works in its case's
/// folder.
/// </summary>
internal static class Guests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Their process ids.</summary>
    public static IReadOnlyList<int> Of(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), out int pid) ? pid : 0)
                .Where(pid => pid > 0 && IsQemu(pid) && WorksIn(pid, folder)),
        ];

    /// <summary>Waits until a guest has begun to talk, and is in the middle of its boot.</summary>
    public static async Task<int> BootingAsync(string folder)
    {
        await Holds("a guest boots", () => Of(folder).Any(HasTalked));
        return Of(folder).First(HasTalked);
    }

    /// <summary>Waits until no guest is left.</summary>
    public static Task NoneLeftAsync(string folder) => Holds("no guest is left", () => Of(folder).Count == 0);

    private static async Task Holds(string what, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"{what}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(Pause);
        }
    }

    private static bool IsQemu(int pid) =>
        Read(() => File.ReadAllText($"/proc/{pid}/comm"))?.StartsWith("qemu", StringComparison.Ordinal) ?? false;

    private static bool WorksIn(int pid, string folder) =>
        FolderOf(pid) is { } own && own.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool HasTalked(int pid) =>
        FolderOf(pid) is { } own
        && Read(() => new FileInfo(Path.Combine(own, "boot-1", "console.log")).Length.ToString()) is not (null or "0");

    private static string? FolderOf(int pid) => Read(() => new FileInfo($"/proc/{pid}/cwd").LinkTarget);

    // A process may end at any moment, and its files with it.
    private static string? Read(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
