using System.Globalization;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Harness.Rootfs;

/// <summary>
/// Finds out what is on a raw disk, with util-linux: blkid(8) for what a place holds, partx(8) for the partitions,
/// which unlike sfdisk comes with every Debian. Both read an ordinary file, and need no root.
/// </summary>
/// <param name="disk">Absolute.</param>
internal sealed class DiskProbe(IProcessRunner runner, string disk)
{
    // EXIT STATUS of blkid(8).
    private const int NothingFound = 2;
    private const int AmbivalentResult = 8;

    // partx(8) counts in these whatever the disk's own are.
    private const int Sector = 512;

    /// <summary>What the disk as a whole is.</summary>
    public Task<DiskContent> LookAsync(CancellationToken cancellation) => AskAsync([], cancellation);

    /// <summary>What a partition holds.</summary>
    public Task<DiskContent> LookAsync(DiskPart part, CancellationToken cancellation) =>
        AskAsync(["--offset", Text(part.Offset), "--size", Text(part.Size)], cancellation);

    /// <summary>The partitions of a disk that has a table of them, logical ones included.</summary>
    public async Task<IReadOnlyList<DiskPart>> PartitionsAsync(CancellationToken cancellation)
    {
        var partx = HostProgram.Require("partx", "util-linux", "to look into an image");
        var output = (
            await runner.RunAsync(
                new ProcessSpec(partx, "--raw", "--noheadings", "--output", "NR,START,SECTORS", disk),
                cancellation
            )
        ).EnsureSuccess();
        return
        [
            .. from line in output.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let fields = line.Split(' ')
            select new DiskPart((int)Number(fields[0]), Number(fields[1]) * Sector, Number(fields[2]) * Sector),
        ];
    }

    private async Task<DiskContent> AskAsync(string[] place, CancellationToken cancellation)
    {
        var blkid = HostProgram.Require("blkid", "util-linux", "to look into an image");
        var output = await runner.RunAsync(
            new ProcessSpec(
                blkid,
                ["--probe", .. place, "--output", "export", "--match-tag", "TYPE", "--match-tag", "PTTYPE", disk]
            ),
            cancellation
        );
        if (output.Exit.Code == NothingFound)
            return DiskContent.Unknown;
        if (output.Exit.Code == AmbivalentResult)
            return DiskContent.Ambivalent;
        var lines = output.EnsureSuccess().StandardOutput.Split('\n');
        return new DiskContent(Value("TYPE="), HasTable: Value("PTTYPE=") is not null);

        string? Value(string key) =>
            lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InfraException($"partx said '{text}' where a number belongs");
}
