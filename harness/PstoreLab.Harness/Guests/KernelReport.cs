using System.Text.RegularExpressions;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Guests;

/// <summary>What a kernel in trouble prints: the first line of an oops or panic, and all behind it.</summary>
/// <param name="architecture">Of the kernel.</param>
internal sealed partial class KernelReport(IArchitecture architecture)
{
    // A kernel in a loop of oopses never comes to an end.
    private const int LongestReport = 200;

    private const string End = "---[ end ";

    // Functions and modules of fs/pstore, 5.10 to 7.2, and those of each backend.
    private static readonly string Backends = string.Join(
        '|',
        BackendCatalogue.All.SelectMany(backend => backend.Functions).Distinct()
    );

    private static readonly Regex Pstore = new(
        $@"^(?:_*(?:pstore|psz|{Backends})_"
            + @"|_*(?:un)?register_pstore_|decompress_record\+|write_pmsg\+"
            + $@"|\S+ \[(?:pstore|pstore_\w+|chromeos_pstore|{Backends})$)"
    );

    // Their files, as WARN and UBSAN name them: the function may have been inlined.
    private static readonly Regex Files = new(
        @"\b(?:fs/pstore/|drivers/(?:acpi/apei/erst|firmware/efi/efi-pstore|mtd/mtdpstore)\.c)"
    );

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<string> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends, with the line, when the kernel prints that it is in trouble.</summary>
    public Task<string> Begun => _begun.Task;

    /// <summary>Ends with the report.</summary>
    public Task Ended => _ended.Task;

    /// <summary>All of it so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Takes a line of the console.</summary>
    /// <param name="expected">Whether a step asked for trouble at this moment.</param>
    public void Take(string line, bool expected)
    {
        lock (_gate)
        {
            if (_lines.Count == 0 && (expected || !ConsoleAlarms.IsTrouble(line, architecture)))
                return;
            if (_lines.Count < LongestReport)
                _lines.Add(line);
        }

        _begun.TrySetResult(line);
        if (line.Contains(End, StringComparison.Ordinal))
            _ended.TrySetResult();
    }

    /// <summary>
    /// Whether a function of pstore or of a backend stands among the frames of a report, or a file of them. A frame
    /// behind a question mark is what an older call has left on the stack.
    /// </summary>
    public static bool IsInPstore(IReadOnlyList<string> report) =>
        report.Any(line =>
            Files.IsMatch(line) || Frame().Matches(line).Any(frame => Pstore.IsMatch(frame.Groups["where"].Value))
        );

    // As printed by %pB (lib/vsprintf.c, 5.10 to 7.2): symbol+0x1/0x2 [module].
    [GeneratedRegex(@"(?<!\? )\b(?<where>[A-Za-z_][\w.]*\+0x[0-9a-f]+/0x[0-9a-f]+(?: \[\w+)?)")]
    private static partial Regex Frame();
}
