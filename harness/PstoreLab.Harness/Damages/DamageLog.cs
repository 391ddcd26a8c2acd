namespace PstoreLab.Harness.Damages;

/// <summary>What was done to a store: evidence, and all it takes to do it again to the same store.</summary>
/// <param name="Done">In words.</param>
/// <param name="Fault">Why it could not be done, such as that there is no record to damage; null when it was.</param>
/// <param name="Changes">What was changed, by rising offset.</param>
public sealed record DamageLog(string Done, string? Fault, IReadOnlyList<Change> Changes)
{
    // A distance this small is cheaper to write than a change of its own.
    private const int SmallGap = 16;

    /// <summary>The difference between two images of one length.</summary>
    public static DamageLog Of(string done, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var changes = new List<Change>();
        int at = 0;
        while (at < before.Length)
        {
            int same = before[at..].CommonPrefixLength(after[at..]);
            at += same;
            if (at == before.Length)
                break;
            int last = at;
            for (int i = at; i < before.Length && i - last <= SmallGap; i++)
            {
                if (before[i] != after[i])
                    last = i;
            }

            changes.Add(new Change(at, Convert.ToHexStringLower(after[at..(last + 1)])));
            at = last + 1;
        }

        return new DamageLog(done, null, changes);
    }

    /// <summary>Makes the changes in a file, which keeps its length.</summary>
    public async Task WriteToAsync(string path, CancellationToken cancellation)
    {
        await using var store = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        foreach (var change in Changes)
        {
            store.Position = change.Offset;
            await store.WriteAsync(Convert.FromHexString(change.Bytes), cancellation);
        }
    }
}

/// <summary>Bytes that were written over others.</summary>
/// <param name="Offset">In the store, in bytes.</param>
/// <param name="Bytes">The new ones, in hexadecimal.</param>
public sealed record Change(long Offset, string Bytes);
