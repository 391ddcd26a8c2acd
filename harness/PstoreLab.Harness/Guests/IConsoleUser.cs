using PstoreLab.Harness.Plans;

namespace PstoreLab.Harness.Guests;

/// <summary>Somebody at the console of a guest. Calls come from any thread, one at a time.</summary>
public interface IConsoleUser
{
    /// <summary>A QEMU has started for a boot.</summary>
    void Started(BootNumber boot);

    /// <summary>The guest has printed something.</summary>
    void Show(ReadOnlySpan<byte> bytes);

    /// <summary>The guest has a shell for the user, who types until this ends.</summary>
    /// <param name="type">Gives the guest what was typed.</param>
    /// <returns>When the user leaves.</returns>
    Task UseAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> type, CancellationToken cancellation);

    /// <summary>What the guest's shell is to know of the terminal: a line of shell.</summary>
    string Preparation { get; }
}
