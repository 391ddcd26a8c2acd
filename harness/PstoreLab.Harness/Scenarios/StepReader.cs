using System.Globalization;
using System.Text.RegularExpressions;
using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Makes steps and expectations of their documents, with every catalogued name checked.</summary>
internal sealed partial class StepReader(Vocabulary vocabulary)
{
    public const string NoCrash = "none";

    /// <summary>How many steps a case may have, repetitions and all: some hundred boots.</summary>
    private const int MostSteps = 1000;

    /// <summary>The steps of a list, each repetition written out.</summary>
    public IReadOnlyList<Step> Read(IReadOnlyList<StepDocument> steps)
    {
        var read = new List<Step>();
        foreach (var step in steps)
        {
            if (step.Repeat is not { } repeat)
            {
                read.Add(Read(step));
                continue;
            }

            if (Misplaced(step) is { } key)
                throw step.Source.Fault(
                    $"found '{key}' in a step that boots nothing, expected it beside boot or restart"
                );
            var once = Read(repeat.Steps);
            if (once.Count * (long)repeat.Times > MostSteps)
                throw repeat.Source.Fault(
                    $"found {once.Count} steps {repeat.Times} times, expected at most {MostSteps} in all"
                );
            read.AddRange(Enumerable.Repeat(once, repeat.Times).SelectMany(steps => steps));
        }

        return read;
    }

    private Step Read(StepDocument step)
    {
        if (step is { Boot: null, Restart: null } && Misplaced(step) is { } key)
            throw step.Source.Fault($"found '{key}' in a step that boots nothing, expected it beside boot or restart");
        return step switch
        {
            { Boot: { } kernel } => new BootStep(step.Source, Kernel(kernel), Options(step)),
            { Crash: { } crash } => new CrashStep(
                step.Source,
                Crash(crash.Trigger),
                crash.Markers,
                IsSurvived(crash),
                At(crash.At),
                Processor(crash)
            ),
            { PowerCut: { Seed: not null } cut }
                when cut.After is not null || cut.During is null || cut.During.Value == NoCrash =>
                throw cut.Source.Fault(
                    "found a seed for the point of the power cut, expected it with 'during' and without 'after'"
                ),
            { PowerCut: { } cut } => new PowerCutStep(
                step.Source,
                cut.After?.Value,
                cut.During is null ? NoCrash : Crash(cut.During),
                cut.Markers,
                cut.Seed
            ),
            { Restart: { } restart } => new RestartStep(
                step.Source,
                restart.Kind,
                restart.Cold is null ? null : Kernel(restart.Cold),
                Options(step)
            ),
            { Damage: { } damage } => new DamageStep(step.Source, DamageReader.Read(damage)),
            { Run: { } run } => new RunStep(step.Source, run.Command.Value, run.Exit),
            { Erase: { } erase } => new EraseStep(step.Source, erase.Value == "all" ? "*" : Word(erase)),
            _ => new ExpectStep(step.Source, Read(step.Expect!)),
        };
    }

    public static Expectation Read(ExpectationDocument expect)
    {
        if (
            expect is
            {
                Records: null,
                Archive: null,
                Journal: null,
                Archiver: null,
                Vmcore: null,
                Registered: null,
                FailsWith: null,
                Console.Count: 0,
                ConsoleWithout.Count: 0,
                Reports.Count: 0
            }
        )
            throw expect.Source.Fault(
                "found an expectation of nothing, expected records, archive, journal, archiver, vmcore, "
                    + "registered, console, console-without or reports"
            );
        return new Expectation(
            expect.Source,
            expect.Records?.SelectMany(Read).ToArray(),
            [.. expect.Console.Select(text => text.Value)],
            [.. expect.ConsoleWithout.Select(text => text.Value)]
        )
        {
            Archive = expect.Archive?.Select(Read).ToArray(),
            Journal = expect.Journal?.SelectMany(Read).ToArray(),
            Archiver = expect.Archiver,
            Vmcore = expect.Vmcore is { } outcome ? new ExpectedVmcore(outcome, CrashNumber.Last) : null,
            Registered = expect.Registered?.Select(name => name.Value).ToArray(),
            FailsWith = expect.FailsWith?.Value,
            Reports = [.. expect.Reports.Select(text => text.Value)],
        };
    }

    public static IReadOnlyDictionary<string, string> Parameters(Table? table)
    {
        var parameters = new OrderedDictionary<string, string>();
        foreach (var (name, values) in table?.Entries ?? [])
        {
            if (!ParameterName().IsMatch(name.Value))
                throw name.Source.Fault(
                    $"found the parameter {Nearest.Quote(name.Value)}, expected a name such as ramoops.ecc"
                );
            var value = values[0];
            parameters.Add(name.Value, Word(value));
        }

        return parameters;
    }

    // A blank would make two words of it, on a command line and in what an agent is asked; the kernel knows no escape
    // for a quote, and a line break would end the command line.
    private static string Word(Text text) =>
        text.Value.Any(c => c == '"' || char.IsWhiteSpace(c) || char.IsControl(c))
            ? throw text.Source.Fault(
                $"found {Nearest.Quote(text.Value)}, expected a word without blanks, double quotes and control "
                    + "characters"
            )
            : text.Value;

    private static IEnumerable<ExpectedRecord> Read(RecordDocument record) =>
        CrashesOf(record)
            .Select(crash => new ExpectedRecord(
                record.Source,
                record.Type.Value,
                record.Reason?.Value,
                crash,
                record.Name?.Value,
                record.Content,
                record.Ecc is { } ecc ? new EccExpectation(ecc.Corrected, ecc.Lost) : null
            )
            {
                Holds = [.. record.Holds.Select(text => text.Value)],
                Parts = Parts(record.Parts),
            });

    /// <summary>The crashes that a record is expected of, one each.</summary>
    private static IEnumerable<CrashNumber> CrashesOf(RecordDocument record)
    {
        if (record.Crash is not { } crash)
            return [CrashNumber.Last];
        var (first, last) = Range(crash, "crash");
        return Enumerable.Range(first, last - first + 1).Select(CrashNumber.From);
    }

    private static PartCount? Parts(Text? parts)
    {
        if (parts is null)
            return null;
        var (least, most) = Range(parts, "number of parts");
        return new PartCount(least, most);
    }

    /// <summary>A number from 1, or a range of them.</summary>
    private static (int First, int Last) Range(Text text, string what)
    {
        if (NumberOrRange().Match(text.Value) is not { Success: true } match)
            throw text.Source.Fault(
                $"found the {what} {Nearest.Quote(text.Value)}, expected a number, from 1, or a range such as 3..18"
            );
        int first = int.Parse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture);
        int last = match.Groups["last"] is { Success: true } end
            ? int.Parse(end.ValueSpan, CultureInfo.InvariantCulture)
            : first;
        return last >= first
            ? (first, last)
            : throw text.Source.Fault($"found the {what} {text.Value}, expected the lower number first");
    }

    private static ExpectedArchive Read(ArchivedDocument archived) =>
        new(
            archived.Source,
            archived.Type?.Value ?? RecordType.Dmesg,
            archived.Reason?.Value,
            archived.Crash is { } crash ? new CrashNumber(crash) : CrashNumber.Last,
            archived.Form,
            archived.Path?.Value,
            archived.Content
        );

    private BootOptions Options(StepDocument step) =>
        new(Parameters(step.Parameters), step.Mount is { } mount ? Word(mount) : null, step.Image)
        {
            Cpus = step.Cpus,
            Systemd = step.Systemd is { } systemd
                ? Catalogued("systemd guest", systemd, [.. vocabulary.SystemdGuests, BootOptions.NoSystemd])
                : null,
            Modules = step.Modules,
            CaptureKernel = step.CaptureKernel,
            Files = Files(step.Files),
        };

    private bool IsSurvived(CrashDocument crash)
    {
        bool usually = vocabulary.Survived.Contains(crash.Trigger.Value);
        return crash.Fatal?.Value switch
        {
            null => usually,
            "yes" when !usually => throw crash.Fatal.Source.Fault(
                $"found 'fatal: yes' for {crash.Trigger.Value}, expected it only for what a kernel may survive: "
                    + $"{string.Join(", ", vocabulary.Survived)}"
            ),
            "no" when !usually => throw crash.Fatal.Source.Fault(
                $"found 'fatal: no' for {crash.Trigger.Value}, which no kernel survives"
            ),
            var fatal => fatal == "no",
        };
    }

    private static string? Processor(CrashDocument crash) =>
        crash.Cpu is not { } cpu
        || cpu.Value == CrashStep.AllProcessors
        || (int.TryParse(cpu.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < 8)
            ? crash.Cpu?.Value
            : throw cpu.Source.Fault(
                $"found the processor {Nearest.Quote(cpu.Value)}, expected its number, from 0, or all"
            );

    private static Moment? At(MomentDocument? moment) =>
        moment is null ? null
        : moment.Second < moment.Of ? new Moment(moment.Second, moment.Of)
        : throw moment.Source.Fault(
            $"found second {moment.Second} of {moment.Of}, expected one from 0 to {moment.Of - 1}"
        );

    private static IReadOnlyDictionary<string, string> Files(Table? table)
    {
        var files = new OrderedDictionary<string, string>();
        foreach (var (path, content) in table?.Entries ?? [])
        {
            // A seed is unpacked over the root, and what is behind a link or a point could lie anywhere.
            if (!GuestPath().IsMatch(path.Value) || path.Value.Split('/').Any(segment => segment is "." or ".."))
                throw path.Source.Fault(
                    $"found the file {Nearest.Quote(path.Value)}, expected an absolute path such as "
                        + "/etc/systemd/pstore.conf"
                );
            files.Add(path.Value, content[0].Value);
        }

        return files;
    }

    private static string? Misplaced(StepDocument step) =>
        step.Parameters is not null ? "parameters"
        : step.Mount is not null ? "mount"
        : step.Image is not null ? "image"
        : step.Cpus is not null ? "cpus"
        : step.Systemd is not null ? "systemd"
        : step.Modules is not null ? "modules"
        : step.CaptureKernel is not null ? "capture-kernel"
        : step.Files is not null ? "files"
        : null;

    private string Kernel(Text name) => Catalogued("kernel", name, vocabulary.Kernels);

    private string Crash(Text trigger) =>
        Catalogued("crash trigger", trigger, [.. vocabulary.Crashes.Append(NoCrash).Distinct()]);

    public static string Catalogued(string what, Text name, IReadOnlyCollection<string> known) =>
        known.Contains(name.Value) ? name.Value : throw name.Source.Fault(Nearest.Unknown(what, name.Value, known));

    [GeneratedRegex(@"\A(?<first>[1-9][0-9]{0,2})(\.\.(?<last>[1-9][0-9]{0,2}))?\z")]
    private static partial Regex NumberOrRange();

    [GeneratedRegex("^(/[A-Za-z0-9_.@+-]+)+\\z")]
    private static partial Regex GuestPath();

    [GeneratedRegex("^[A-Za-z0-9_.-]+\\z")]
    private static partial Regex ParameterName();
}
