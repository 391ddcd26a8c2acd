using System.Runtime.InteropServices;

namespace PstoreLab.Records.Compression;

/// <summary>
/// A compression library of the system, looked for when it is first needed. Nothing depends on one being there.
/// </summary>
/// <param name="library">Its name for the dynamic linker.</param>
/// <param name="package">The Debian package that brings it.</param>
/// <param name="load">Gives its handle, or 0 when there is none.</param>
internal abstract class NativeCodec(string library, string package, Func<string, nint> load)
{
    private readonly Lazy<nint> handle = new(() => load(library));

    public bool IsAvailable => handle.Value != 0;

    /// <summary>What is to be done about its absence.</summary>
    public string Absence => $"{library} is not on this machine; install the package {package}";

    public abstract CompressionMethod Method { get; }

    /// <param name="limit">The most that may come out, in bytes.</param>
    public Attempt Try(ReadOnlySpan<byte> payload, int limit) =>
        IsAvailable
            ? Decompress(payload.ToArray(), limit)
            : new Attempt(Method, ReadOnlyMemory<byte>.Empty, 0, AttemptEnd.Unavailable, Absence);

    /// <exception cref="NotSupportedException">The library is not there.</exception>
    public byte[] Do(ReadOnlySpan<byte> content) =>
        IsAvailable ? Compress(content.ToArray()) : throw new NotSupportedException(Absence);

    public static nint LoadFromSystem(string library) => NativeLibrary.TryLoad(library, out nint loaded) ? loaded : 0;

    protected abstract Attempt Decompress(byte[] payload, int limit);

    protected abstract byte[] Compress(byte[] content);

    protected T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(handle.Value, name));

    protected Attempt Done(byte[] output, long length, int consumed) =>
        new(Method, output.AsMemory(0, (int)length), consumed, AttemptEnd.Proper, null);

    protected Attempt Broken(AttemptEnd end, byte[] output, long length, int consumed, string fault) =>
        new(Method, output.AsMemory(0, (int)Math.Clamp(length, 0, output.Length)), consumed, end, fault);

    /// <summary>
    /// Room for the output of one attempt: more than <paramref name="guess"/> is tried only where it did not suffice.
    /// </summary>
    protected static IEnumerable<int> Rooms(int guess, int limit)
    {
        int room = Math.Min(limit, Math.Max(guess, 1 << 12));
        yield return room;
        if (room < limit)
            yield return limit;
    }

    protected static byte[] Cut(byte[] buffer, long length) => buffer.AsSpan(0, (int)length).ToArray();
}
