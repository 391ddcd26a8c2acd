using PstoreLab.Harness.Scenarios;
using PstoreLab.Harness.Scenarios.Yaml;

namespace PstoreLab.Harness.Plans;

/// <summary>An expectation for a person, as a list of what must be seen.</summary>
internal static class ExpectationText
{
    public static string Of(Expectation expected) =>
        string.Join(
            "; ",
            [
                .. expected.FailsWith is { } failure ? [$"the kernel fails and says \"{failure}\""] : (string[])[],
                .. Backends(expected.Registered),
                .. Listed(expected.Records, "no record", Record),
                .. Listed(expected.Archive, "nothing archived", Archived),
                .. Listed(expected.Journal, "no record in the journal", Journaled),
                .. Dump(expected.Vmcore),
                .. expected.Archiver is { } outcome
                    ? [$"systemd-pstore.service {EnumNames.Of(outcome)}"]
                    : (string[])[],
                .. expected.Console.Select(text => $"the console says \"{text}\""),
                .. expected.ConsoleWithout.Select(text => $"the console does not say \"{text}\""),
                .. expected.Reports.Select(text => $"a kernel reports \"{text}\""),
            ]
        );

    private static IEnumerable<string> Backends(IReadOnlyList<string>? registered) =>
        registered is null ? []
        : registered.Count == 0 ? ["no backend registered"]
        : [$"{string.Join(" or ", registered)} registered"];

    private static IEnumerable<string> Listed<T>(IReadOnlyList<T>? expected, string none, Func<T, string> text) =>
        expected is null ? []
        : expected.Count == 0 ? [none]
        : expected.Select(text);

    private static string Record(ExpectedRecord record) =>
        $"a {record.Type} record of crash {record.Crash}"
        + (record.Reason is null ? "" : $", {record.Reason}")
        + (record.Name is null ? "" : $", named {record.Name}")
        + $", {Content(record.Content)}"
        + (record.Parts is null ? "" : $", parts: {record.Parts}")
        + (record.Ecc is null ? "" : $", ECC {record.Ecc}");

    private static string Archived(ExpectedArchive archived) =>
        $"crash {archived.Crash} archived ({archived.Type}{(archived.Reason is null ? "" : $", {archived.Reason}")}): "
        + EnumNames.Of(archived.Form)
        + (archived.Path is null ? "" : $", at {archived.Path}")
        + $", {Content(archived.Content)}";

    private static string Journaled(ExpectedRecord record) =>
        $"a {record.Type} record of crash {record.Crash} in the journal, {Content(record.Content)}";

    private static IEnumerable<string> Dump(ExpectedVmcore? vmcore) =>
        vmcore is null ? []
        : vmcore.Outcome == VmcoreOutcome.Dumped ? [$"a vmcore of crash {vmcore.Crash}"]
        : [$"no vmcore of crash {vmcore.Crash}"];

    private static string Content(RecordContent content) =>
        content switch
        {
            RecordContent.WholeTail => "whole to the last line",
            RecordContent.Tail => "the last lines of it",
            RecordContent.Nonce => "with its nonce",
            RecordContent.Compressed => "still compressed",
            RecordContent.WholeOrBroken => "whole, shown as broken, or not there",
            _ => "of any content",
        };
}
