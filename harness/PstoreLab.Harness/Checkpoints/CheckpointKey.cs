using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Checkpoints;

/// <summary>
/// The name of a checkpoint: a digest of all that its machine comes of, which is QEMU's program, its arguments, the
/// files that they name, the disk, the seed and the user's files of a systemd guest, and the empty stores.
/// </summary>
internal static class CheckpointKey
{
    /// <summary>Goes up when checkpoints are taken in another way.</summary>
    private const int Format = 2;

    // Another file of the same name has another time, as make(1) sees it.
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Known = [];

    /// <param name="qemu">The QEMU program.</param>
    public static string Of(string qemu, Plan plan, PlannedBoot boot, PowerOn on)
    {
        var text = new StringBuilder();
        text.AppendLine($"checkpoint {Format}").AppendLine(DigestOf(PathOf(qemu)));
        // What QEMU does at a reset is no part of the machine.
        foreach (string argument in on.Machine.Where(argument => argument != "-no-reboot"))
            text.AppendLine(argument);
        var files = plan.Files.Where(file =>
            file.Name == on.Systemd?.Under || on.Machine.Any(argument => argument.Contains(file.Name))
        );
        foreach (var file in files)
            text.AppendLine($"{file.Name} {DigestOf(file.Source)}");
        foreach (var (name, content) in on.Systemd?.Files ?? new Dictionary<string, string>())
            text.AppendLine($"{name} {Digest(Encoding.UTF8.GetBytes(content))}");
        foreach (var own in on.Systemd?.OwnFiles ?? [])
            text.AppendLine($"{own.Path} {own.Mode} {own.Sha256}");
        text.AppendLine(Of(plan.Store));
        foreach (var other in plan.Others)
            text.AppendLine($"{other.File} {Of(other.Store)}");
        text.AppendLine($"{boot.Cpus} {plan.Machine}");
        return Digest(Encoding.UTF8.GetBytes(text.ToString()))[..32];
    }

    private static string Of(StoreTemplate store) =>
        $"{store.Size} {store.Blank} {(store.CopyOf is null ? "" : DigestOf(store.CopyOf))}";

    private static string DigestOf(string path)
    {
        var file = new FileInfo(path);
        return Known.GetOrAdd(
            (file.FullName, file.Length, file.LastWriteTimeUtc),
            static key =>
            {
                using var stream = File.OpenRead(key.Path);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }
        );
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string PathOf(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? program
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists)
                ?? program;
}
