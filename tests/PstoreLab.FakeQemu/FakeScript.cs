using System.Text.Json;

namespace PstoreLab.FakeQemu;

/// <summary>
/// What the fake machine does. It is the file that <c>-kernel</c> names, as it is the kernel that decides what a real
/// one does.
/// </summary>
/// <param name="Tally">A file that grows by a byte with every boot, so that the boots of one case, over all its QEMU
/// processes, can differ.</param>
/// <param name="Boots">What each boot does; those after the last do as the last.</param>
public sealed record FakeScript(string Tally, IReadOnlyList<FakeBoot> Boots)
{
    public static FakeScript Read(string path) => JsonSerializer.Deserialize<FakeScript>(File.ReadAllText(path))!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this));

    /// <summary>The boot that begins now.</summary>
    public FakeBoot Next()
    {
        using var tally = OpenAlone();
        tally.WriteByte((byte)'.');
        return Boots[(int)Math.Min(tally.Position, Boots.Count) - 1];
    }

    // Two machines of one test may boot at the same moment, and each boot counts.
    private FileStream OpenAlone()
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(Tally, FileMode.Append, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (tries < 1000)
            {
                Thread.Sleep(1);
            }
        }
    }
}

/// <summary>One boot of the fake machine.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="At">The agent's verb at which it goes wrong, where that is when it is asked something.</param>
public sealed record FakeBoot(FakeFault Fault = FakeFault.None, string At = "mount")
{
    /// <summary>What <c>uname -r</c> says.</summary>
    public string Release { get; init; } = "6.1.0-50-amd64";
}

public enum FakeFault
{
    None,

    /// <summary>Stops in the middle of its boot.</summary>
    HangsInBoot,

    /// <summary>Runs, dials, and its guest says nothing at all.</summary>
    PrintsNothing,

    /// <summary>Runs and does not even dial.</summary>
    NeverDials,

    /// <summary>Complains about its arguments before it has dialled.</summary>
    EndsAtOnce,

    /// <summary>Complains after it has dialled, as QEMU does about a kernel that is not there.</summary>
    EndsAfterDialling,

    /// <summary>Is killed when the agent is asked for <see cref="FakeBoot.At"/>.</summary>
    Dies,

    /// <summary>Complains at once, on one line of 8 MiB.</summary>
    EndsWithManyWords,

    /// <summary>Dials, leaves its monitor and runs on.</summary>
    LeavesTheMonitor,

    /// <summary>Prints for ever when asked.</summary>
    Floods,

    /// <summary>Prints more than a console may when asked, and then answers.</summary>
    FloodsAndAnswers,

    /// <summary>Answers with a line that is longer than any answer.</summary>
    AnswersWithoutEnd,

    /// <summary>The kernel oopses when asked, panics of it and resets.</summary>
    Oopses,

    /// <summary>The same, of a function of a pstore backend.</summary>
    OopsesInPstore,

    /// <summary>The guest resets without a word when asked.</summary>
    ResetsByItself,

    /// <summary>Never answers.</summary>
    FallsSilent,

    /// <summary>The answer is damaged on its way, once.</summary>
    GarblesTheAnswer,

    /// <summary>The request is damaged on its way, once.</summary>
    MishearsTheRequest,

    /// <summary>Answers <c>failed</c>.</summary>
    Refuses,

    /// <summary>Panics and never resets.</summary>
    HangsInPanic,

    /// <summary>An oops that was asked for begins on the console and has no end there.</summary>
    NeverEndsTheOops,

    /// <summary>An oops that was asked for ends as it should, and nothing is written of it.</summary>
    LosesTheOops,

    /// <summary>Hangs when told to crash, before the kernel has said anything of it.</summary>
    IgnoresTheCrash,

    /// <summary>Resets as it should, and its record lacks the newest line.</summary>
    LosesTheNewestLine,

    /// <summary>Resets as it should and leaves no record.</summary>
    LosesTheRecord,

    /// <summary>A capture kernel (crash kernel) that was loaded does not boot: the guest resets.</summary>
    LosesTheCaptureKernel,

    /// <summary>A capture kernel resets when it is asked for the dump.</summary>
    LosesTheDump,

    /// <summary>The dump that a capture kernel finds has another nonce in it.</summary>
    DumpsAnotherCrash,

    /// <summary>The last line before the reset has no end.</summary>
    LeavesALineOpen,

    /// <summary>A second reset follows the first, as SeaBIOS does on its way up.</summary>
    ResetsTwice,

    /// <summary>
    /// Firmware writes to the store as soon as the machine is reset, before its kernel prints anything: no record is
    /// left.
    /// </summary>
    ErasesTheStoreFirst,
}
