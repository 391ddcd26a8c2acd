using PstoreLab.Harness.Faults;
using PstoreLab.Records.Efi;

namespace PstoreLab.Harness.Guests;

/// <summary>
/// Where a machine that stands still has its EFI variables: in its flash, and in a copy that the firmware has made when
/// it booted and answers the kernel from (<c>mNvVariableCache</c> in MdeModulePkg/Universal/Variable/RuntimeDxe).
/// </summary>
/// <param name="Store">The store of the flash, by its name in a case folder.</param>
/// <param name="Flash">The flash, as QEMU calls that piece of memory.</param>
/// <param name="Memory">The piece of memory that has the copy, as QEMU calls it.</param>
/// <param name="CopyAt">Where the copy of the store's first byte is or would be in that piece, in bytes.</param>
public sealed record FirmwareVariables(string Store, string Flash, string Memory, long CopyAt)
{
    // Files of memory are read in pieces.
    private const int Chunk = 16 << 20;

    /// <summary>Finds both in a checkpoint; null where either is not there, or there more than once.</summary>
    internal static FirmwareVariables? Find(Checkpoint checkpoint, string store, IEnumerable<string> memory)
    {
        byte[] state = File.ReadAllBytes(checkpoint.State);
        byte[] variables = File.ReadAllBytes(checkpoint.Store(store));
        if (SavedMemory.ReadAll(state) is not { } pieces || EfiVariableArea.Find(variables) is not { } area)
            return null;
        SavedMemory[] flash =
        [
            .. pieces.Where(piece =>
                piece.Length == variables.Length && piece.ContentIn(state).AsSpan().SequenceEqual(variables)
            ),
        ];
        var copy = variables.AsMemory(area.Offset, area.Length);
        (string Name, long At)[] copies =
        [
            .. memory.SelectMany(name => PlacesOf(copy, checkpoint.Memory(name)).Select(at => (name, at))),
        ];
        return flash is [var only] && copies is [var (name, at)] && at >= area.Offset && Has(pieces, name)
            ? new FirmwareVariables(store, only.Name, name, at - area.Offset)
            : null;
    }

    /// <summary>
    /// The checkpoint's state with other variables, in flash and copy, as a file; false where its firmware would have
    /// done more with them than to copy them.
    /// </summary>
    /// <exception cref="InfraException">The checkpoint is not as it was when this was found in it.</exception>
    internal bool WriteState(Checkpoint checkpoint, ReadOnlySpan<byte> variables, string path)
    {
        byte[] before = File.ReadAllBytes(checkpoint.Store(Store));
        byte[] state = File.ReadAllBytes(checkpoint.State);
        if (EfiVariableArea.DumpsAdded(before, variables) is not (var offset, var length))
            return false;
        var pieces = SavedMemory.ReadAll(state) ?? [];
        var flash = pieces.FirstOrDefault(piece => piece.Name == Flash);
        var copy = pieces.FirstOrDefault(piece => piece.Name == Memory);
        if (copy is null || flash is null || !flash.ContentIn(state).AsSpan().SequenceEqual(before))
            throw new InfraException("its flash is not as it was");
        using var written = File.Create(path);
        written.Write(state.AsSpan(0, flash.Pages[0].Start));
        WriteCopy(written, copy, checkpoint.Memory(Memory), CopyAt + offset, variables.Slice(offset, length));
        for (int at = 0; at < variables.Length; at += SavedMemory.PageSize)
            flash.Write(written, at, variables.Slice(at, SavedMemory.PageSize));
        // All but its pages stays as it is.
        int behind = flash.Pages[0].End;
        foreach (var page in flash.Pages.Skip(1))
        {
            written.Write(state.AsSpan(behind, page.Start - behind));
            behind = page.End;
        }

        written.Write(state.AsSpan(behind));
        return true;
    }

    /// <summary>Memory that lies in a file is not in a state; QEMU takes pages of it all the same.</summary>
    private static void WriteCopy(Stream state, SavedMemory piece, string file, long at, ReadOnlySpan<byte> bytes)
    {
        using var memory = File.OpenRead(file);
        byte[] page = new byte[SavedMemory.PageSize];
        while (bytes.Length > 0)
        {
            int within = (int)(at % page.Length);
            int length = Math.Min(bytes.Length, page.Length - within);
            memory.Position = at - within;
            memory.ReadExactly(page);
            bytes[..length].CopyTo(page.AsSpan(within));
            piece.Write(state, at - within, page);
            bytes = bytes[length..];
            at += length;
        }
    }

    private static bool Has(IReadOnlyList<SavedMemory> pieces, string name) =>
        pieces.Any(piece => piece.Name == name && piece.Pages.Count == 0);

    private static IEnumerable<long> PlacesOf(ReadOnlyMemory<byte> bytes, string file)
    {
        using var memory = File.OpenRead(file);
        byte[] chunk = new byte[Chunk + bytes.Length - 1];
        int read;
        for (long start = 0; (read = memory.ReadAtLeast(chunk, chunk.Length, false)) >= bytes.Length; start += Chunk)
        {
            for (int at = 0; IndexOf(chunk, at, read, bytes) is >= 0 and var found; at = found + 1)
                yield return start + found;
            memory.Position = start + Chunk;
        }
    }

    private static int IndexOf(byte[] chunk, int from, int to, ReadOnlyMemory<byte> bytes)
    {
        int found = chunk.AsSpan(from, to - from).IndexOf(bytes.Span);
        return found < 0 ? found : from + found;
    }
}
