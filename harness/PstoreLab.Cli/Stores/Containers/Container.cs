namespace PstoreLab.Cli.Stores.Containers;

/// <summary>A kind of file that holds others. Nothing of it is unpacked to disk.</summary>
internal abstract class Container
{
    private static readonly Container[] All =
    [
        new TarArchive(),
        new ZipFile(),
        new VariableList(),
        new JournalJson(),
        new JournalExport(),
        new ErrorRecords(),
        new NvramImage(),
    ];

    /// <summary>What a file is by its first bytes; null for one that holds no others.</summary>
    public static Container? Recognise(ReadOnlySpan<byte> head)
    {
        foreach (var container in All)
        {
            if (container.Begins(head))
                return container;
        }
        return null;
    }

    /// <summary>Whether such a file begins with these bytes.</summary>
    protected abstract bool Begins(ReadOnlySpan<byte> head);

    /// <summary>Hands on all that is in it, one by one.</summary>
    /// <exception cref="InvalidDataException">It is damaged; what is before the damage has been handed on.</exception>
    public abstract void Read(StoreFile file, IMembers members);
}
