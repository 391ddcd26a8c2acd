using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PstoreLab.Harness.Host;

/// <summary>What is at a path.</summary>
public enum FileKind
{
    Missing,
    Regular,
    Folder,
    Link,

    /// <summary>A pipe, a socket or a device: opening it may wait for ever, and reading it may have no end.</summary>
    Special,
}

/// <summary>Finds out what is at a path without opening it, which .NET has no call for.</summary>
public static partial class FileKinds
{
    // statx(2) is the one of its family whose result has the same layout on every architecture.
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint Type = 0x1;
    private const int StatusSize = 256;
    private const int ModeAt = 28;
    private const int TypeMask = 0xf000;
    private const int NoEntry = 2;
    private const int NotAFolder = 20;
    private const int NameTooLong = 36;
    private const int TooManyLinks = 40;

    /// <summary>What is there itself; a link is one, wherever it leads.</summary>
    /// <exception cref="UnauthorizedAccessException">A folder on the way to it may not be searched.</exception>
    public static FileKind Of(string path) => Of(path, NoFollow);

    /// <summary>What is where the links lead that are there; missing where they lead nowhere.</summary>
    /// <inheritdoc cref="Of(string)"/>
    public static FileKind OfTarget(string path) => Of(path, 0);

    private static FileKind Of(string path, int flags)
    {
        byte[] status = new byte[StatusSize];
        if (Statx(CurrentFolder, path, flags, Type, status) != 0)
            return Marshal.GetLastPInvokeError() is NoEntry or NotAFolder or NameTooLong or TooManyLinks
                ? FileKind.Missing
                : throw new UnauthorizedAccessException($"{path}: {Marshal.GetLastPInvokeErrorMessage()}");
        return (BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(ModeAt)) & TypeMask) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xa000 => FileKind.Link,
            _ => FileKind.Special,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
