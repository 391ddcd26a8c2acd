namespace PstoreLab.Cli.Stores.Containers;

/// <summary>Receives what is in a file that holds others.</summary>
internal interface IMembers
{
    /// <param name="inside">Its path there.</param>
    /// <param name="open">Opens the content, which can be read until this returns; null for a folder or a link.</param>
    void File(string inside, Func<Stream>? open);

    /// <summary>A record that is no file there.</summary>
    void Record(RecordFile record);

    /// <summary>Something that is there and cannot be read.</summary>
    /// <param name="why">What it is, and what makes it readable.</param>
    void Unread(string inside, string why);
}
