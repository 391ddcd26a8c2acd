using System.Text.RegularExpressions;

using PstoreLab.Harness.Scenarios.Documents;
using PstoreLab.Harness.Scenarios.Yaml;
using PstoreLab.Records;

namespace PstoreLab.Harness.Scenarios;

/// <summary>Makes steps and expectations of their documents, with every catalogued name checked.</summary>
internal sealed partial class StepReader(Vocabulary vocabulary)
{
    public const string NoCrash = "none";

    public Step Read(StepDocument step)
    {
        if (step is { Boot: null, Restart: null } && Misplaced(step) is { } key)
            throw step.Source.Fault($"found '{key}' in a step that boots nothing, expected it beside boot or restart");
        return step switch
        {
            { Boot: { } kernel } => new BootStep(step.Source, Kernel(kernel), Options(step)),
            { Crash: { } crash } => new CrashStep(step.Source, Crash(crash.Way), crash.Markers, vocabulary.Survived.Contains(crash.Way.Value), At(crash.At)),
            { PowerCut: { } cut } =>
                new PowerCutStep(step.Source, cut.After?.Value, cut.During is null ? NoCrash : Crash(cut.During), cut.Markers),
            { Restart: { } restart } =>
                new RestartStep(step.Source, restart.Kind, restart.Cold is null ? null : Kernel(restart.Cold), Options(step)),
            { Damage: { } damage } => new DamageStep(step.Source, DamageReader.Read(damage)),
            { Run: { } run } => new RunStep(step.Source, run.Command.Value, run.Exit),
            { Erase: { } erase } => new EraseStep(step.Source, erase.Value == "all" ? "*" : erase.Value),
            _ => new ExpectStep(step.Source, Read(step.Expect!)),
        };
    }

    public static Expectation Read(ExpectationDocument expect)
    {
        if (expect is { Records: null, Archive: null, Journal: null, Archiver: null, Console.Count: 0, ConsoleWithout.Count: 0 })
            throw expect.Source.Fault("found an expectation of nothing, expected records, archive, journal, archiver, console or console-without");
        return new Expectation(
            expect.Source,
            expect.Records?.Select(Read).ToArray(),
            [.. expect.Console.Select(text => text.Value)],
            [.. expect.ConsoleWithout.Select(text => text.Value)])
        {
            Archive = expect.Archive?.Select(Read).ToArray(),
            Journal = expect.Journal?.Select(Read).ToArray(),
            Archiver = expect.Archiver,
        };
    }

    public static IReadOnlyDictionary<string, string> Parameters(Table? table)
    {
        var parameters = new OrderedDictionary<string, string>();
        foreach (var (name, values) in table?.Entries ?? [])
        {
            if (!ParameterName().IsMatch(name.Value))
                throw name.Source.Fault($"found the parameter {Nearest.Quote(name.Value)}, expected a name such as ramoops.ecc");
            var value = values[0];
            // The kernel knows no escape for a quote in a parameter, and a line break would end the command line.
            if (value.Value.Any(c => c == '"' || char.IsControl(c)))
            {
                throw value.Source.Fault(
                    $"found {Nearest.Quote(value.Value)}, expected a value without double quotes and control characters");
            }

            parameters.Add(name.Value, value.Value);
        }

        return parameters;
    }

    private static RecordExpectation Read(RecordDocument record) =>
        new(
            record.Source, record.Type.Value, record.Reason?.Value, record.Crash, record.Name?.Value, record.Content,
            record.Ecc is { } ecc ? new EccExpectation(ecc.Corrected, ecc.Lost) : null);

    private static ArchivedExpectation Read(ArchivedDocument archived) => new(
        archived.Source, archived.Type?.Value ?? RecordType.Dmesg, archived.Reason?.Value, archived.Crash, archived.Form, archived.Path?.Value, archived.Content);

    private BootOptions Options(StepDocument step) => new(Parameters(step.Parameters), step.Mount?.Value, step.Image)
    {
        Systemd = step.Systemd is { } systemd ? Catalogued("systemd guest", systemd, [.. vocabulary.SystemdGuests, BootOptions.NoSystemd]) : null,
        Modules = step.Modules,
        Files = Files(step.Files),
    };

    private static Moment? At(MomentDocument? moment) => moment is null ? null
        : moment.Second < moment.Of ? new Moment(moment.Second, moment.Of)
        : throw moment.Source.Fault($"found second {moment.Second} of {moment.Of}, expected one from 0 to {moment.Of - 1}");

    private static IReadOnlyDictionary<string, string> Files(Table? table)
    {
        var files = new OrderedDictionary<string, string>();
        foreach (var (path, content) in table?.Entries ?? [])
        {
            // A seed is unpacked over the root, and what is behind a link or a point could lie anywhere.
            if (!GuestPath().IsMatch(path.Value) || path.Value.Split('/').Any(segment => segment is "." or ".."))
                throw path.Source.Fault($"found the file {Nearest.Quote(path.Value)}, expected an absolute path such as /etc/systemd/pstore.conf");
            files.Add(path.Value, content[0].Value);
        }

        return files;
    }

    private static string? Misplaced(StepDocument step) =>
        step.Parameters is not null ? "parameters"
        : step.Mount is not null ? "mount"
        : step.Image is not null ? "image"
        : step.Systemd is not null ? "systemd"
        : step.Modules is not null ? "modules"
        : step.Files is not null ? "files"
        : null;

    private string Kernel(Text name) => Catalogued("kernel", name, vocabulary.Kernels);

    private string Crash(Text way) => Catalogued("way to crash", way, [.. vocabulary.Crashes.Append(NoCrash).Distinct()]);

    public static string Catalogued(string what, Text name, IReadOnlyCollection<string> known) =>
        known.Contains(name.Value) ? name.Value : throw name.Source.Fault(Nearest.Unknown(what, name.Value, known));

    [GeneratedRegex("^(/[A-Za-z0-9_.@+-]+)+\\z")]
    private static partial Regex GuestPath();

    [GeneratedRegex("^[A-Za-z0-9_.-]+\\z")]
    private static partial Regex ParameterName();
}
