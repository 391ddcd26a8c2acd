using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Host;
using PstoreLab.Harness.Machines;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Reports.Kcidb;

/// <summary>
/// A run as KernelCI's database takes it: a submission of KCIDB's I/O schema 5.3 (kernelci/kcidb-io,
/// kcidb_io/schema/v05_03.py). Each kernel is a checkout and a build, each case a test, each known bug an issue and its
/// cases incidents of it.
/// </summary>
public sealed partial class KcidbReport
{
    // What the schema allows of log_excerpt.
    private const int LongestExcerpt = 16_384;
    private const string SystemdComponent = "systemd-pstore";
    private const string UnknownKernel = "unknown";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string _origin;
    private readonly IReadOnlyList<Bug> _bugs;
    private readonly FinishedRun _run;

    private KcidbReport(FinishedRun run, string origin, IReadOnlyList<Bug> bugs)
    {
        _run = run;
        _origin = origin;
        _bugs = bugs;
    }

    /// <summary>The submission.</summary>
    /// <param name="origin">The name of the CI system that submits, as KernelCI has given it.</param>
    /// <param name="bugs">The bug catalogue.</param>
    /// <exception cref="UsageException">The origin is no name that the schema takes.</exception>
    public static string Of(FinishedRun run, string origin, IReadOnlyList<Bug> bugs)
    {
        CheckOrigin(origin);
        return new KcidbReport(run, origin, bugs).Submission().ToJsonString(Readable) + "\n";
    }

    /// <exception cref="UsageException">It is no name that the schema takes.</exception>
    public static void CheckOrigin(string origin)
    {
        if (!OriginPattern().IsMatch(origin))
            throw new UsageException(
                $"--kcidb-origin: found {Nearest.Quote(origin)}, expected lower-case letters, digits and '_'"
            );
    }

    private JsonObject Submission()
    {
        PlannedKernel[] kernels =
        [
            .. _run
                .Results.Select(KernelOf)
                .Concat(_run.NotRun.Select(one => Named(LastOf(one.Kernels))))
                .DistinctBy(IdOf),
        ];
        CaseResult[] known = [.. _run.Results.Where(result => result.Verdict == Verdict.Known)];
        return new JsonObject
        {
            ["version"] = new JsonObject { ["major"] = 5, ["minor"] = 3 },
            ["checkouts"] = List(kernels.Select(Checkout)),
            ["builds"] = List(kernels.Select(Build)),
            ["tests"] = List([.. _run.Results.Select(Test), .. _run.NotRun.Select(Test)]),
            ["issues"] = List(known.Select(result => result.Reason).Distinct().Select(Issue)),
            ["incidents"] = List(known.Select(Incident)),
        };
    }

    // Where a kernel writes and another reads, the one that reads last is the newer.
    private static PlannedKernel KernelOf(CaseResult result) =>
        LastOf(result.Kernels)
        ?? Named(
            KernelDimensions
                .Names.Select(name => result.Dimensions.GetValueOrDefault(name))
                .LastOrDefault(name => name is not null)
        );

    private static T? LastOf<T>(IReadOnlyList<T> list)
        where T : class => list is [.., var last] ? last : null;

    private static PlannedKernel Named(string? name) => new(name ?? UnknownKernel, "", "");

    private static string IdOf(PlannedKernel kernel) =>
        kernel.Version.Length > 0 ? $"{kernel.Name}/{kernel.Version}" : kernel.Name;

    private JsonObject Checkout(PlannedKernel kernel) =>
        new()
        {
            ["id"] = Id(IdOf(kernel)),
            ["origin"] = _origin,
            ["comment"] = Text(kernel.Release.Length > 0 ? $"{kernel.Release} ({kernel.Version})" : kernel.Name),
            ["misc"] = Misc(kernel),
        };

    private JsonObject Build(PlannedKernel kernel) =>
        new()
        {
            ["id"] = Id(IdOf(kernel)),
            ["checkout_id"] = Id(IdOf(kernel)),
            ["origin"] = _origin,
            ["architecture"] = MachineCatalogue.Default.Architecture.Kbuild,
            ["misc"] = Misc(kernel),
        };

    private JsonObject Test(CaseResult result) =>
        new()
        {
            ["id"] = TestId(result.Case),
            ["build_id"] = Id(IdOf(KernelOf(result))),
            ["origin"] = _origin,
            ["path"] = PathOf(result.Case),
            ["status"] = StatusOf(result.Verdict),
            ["start_time"] = Time(result.Started),
            ["duration"] = result.Seconds,
            ["environment"] = new JsonObject
            {
                ["comment"] = Text(
                    $"QEMU {_run.Record.Host.Qemu} with {result.Accelerator} on {_run.Record.Host.System}"
                ),
                ["misc"] = new JsonObject
                {
                    ["kernels"] = List(result.Kernels.Select(Misc)),
                    ["dimensions"] = new JsonObject(
                        result.Dimensions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Text(pair.Value)))
                    ),
                },
            },
            ["log_excerpt"] = Excerpt(result),
            ["misc"] = new JsonObject
            {
                ["case"] = Text(result.Case),
                ["verdict"] = result.Verdict.ToString().ToLowerInvariant(),
                ["attempts"] = result.Attempts.Count,
                ["run"] = _run.Record.Id,
            },
        };

    private JsonObject Test(NotRun one) =>
        new()
        {
            ["id"] = TestId(one.Case),
            ["build_id"] = Id(IdOf(Named(LastOf(one.Kernels)))),
            ["origin"] = _origin,
            ["path"] = PathOf(one.Case),
            ["status"] = "MISS",
            ["log_excerpt"] = Text($"not run: {one.Why}"),
            ["misc"] = new JsonObject
            {
                ["case"] = Text(one.Case),
                ["verdict"] = "not-run",
                ["run"] = _run.Record.Id,
            },
        };

    /// <summary>
    /// A known bug is a failure of the code that is tested, and its incident says which one. What got in the way of a
    /// test is <c>MISS</c>, a fault of the test itself <c>ERROR</c>.
    /// </summary>
    private static string StatusOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Passed => "PASS",
            Verdict.Failed or Verdict.Known => "FAIL",
            Verdict.Unsupported => "SKIP",
            Verdict.Infra => "MISS",
            _ => "ERROR",
        };

    private JsonObject Issue(string name)
    {
        var bug = _bugs.FirstOrDefault(bug => bug.Name == name);
        bool isOfUserSpace = bug?.Component == SystemdComponent;
        var issue = new JsonObject
        {
            ["id"] = Id($"bug/{name}"),
            ["version"] = 1,
            ["origin"] = _origin,
            ["report_subject"] = Text(name),
            ["culprit"] = new JsonObject
            {
                ["code"] = !isOfUserSpace,
                ["tool"] = isOfUserSpace,
                ["harness"] = false,
            },
            ["comment"] = Text(bug?.Cause ?? name),
        };
        if (bug?.Reference.FirstOrDefault(IsAddress) is { } url)
            issue["report_url"] = url;
        return issue;
    }

    private JsonObject Incident(CaseResult result) =>
        new()
        {
            ["id"] = Id($"{_run.Record.Id}/{result.Case}/{result.Reason}"),
            ["origin"] = _origin,
            ["issue_id"] = Id($"bug/{result.Reason}"),
            ["issue_version"] = 1,
            ["test_id"] = TestId(result.Case),
            ["present"] = true,
        };

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    private string TestId(string @case) => Id($"{_run.Record.Id}/{@case}");

    private string Id(string rest) => $"{_origin}:{Text(rest)}";

    private static JsonObject Misc(PlannedKernel kernel) =>
        new()
        {
            ["name"] = Text(kernel.Name),
            ["release"] = Text(kernel.Release),
            ["version"] = Text(kernel.Version),
        };

    private static string Excerpt(CaseResult result)
    {
        string text = Text(
            string.Join(
                '\n',
                result
                    .Findings.Where(finding => !finding.Held)
                    .Select(finding => $"[{finding.Layer}] {finding.Text}")
                    .Prepend(result.Reason)
                    .Where(line => line.Length > 0)
                    .Distinct()
            )
        );
        if (text.Length <= LongestExcerpt)
            return text;
        // Not between the halves of a character.
        int end = char.IsHighSurrogate(text[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return text[..end];
    }

    private static string PathOf(string @case) =>
        string.Join('.', @case.Split('/').Prepend("pstore").Select(part => NotInPath().Replace(part, "_")));

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);

    // The schema takes no zero byte, and a reader nothing that a terminal obeys.
    private static string Text(string text) => VisibleText.Of(text);

    private static JsonArray List(IEnumerable<JsonNode> nodes) => [.. nodes];

    [GeneratedRegex(@"\A[a-z0-9_]+\z")]
    private static partial Regex OriginPattern();

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInPath();
}
