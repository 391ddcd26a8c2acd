using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Scenarios;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// What is shown while a run goes on: a line per result, and on a terminal below them what runs now and how far it is.
/// </summary>
internal sealed class ProgressView : IProgress<string>, IRunWatch, IDisposable
{
    // Of "boot 1: Restarting".
    private const int StateWidth = 19;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);

    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console;
    private readonly bool _moves;
    private readonly Verbosity _verbosity;
    private readonly TimeProvider _time;
    private readonly List<RunningCase> _running = [];
    private readonly SortedDictionary<Verdict, int> _counts = [];
    private readonly HashSet<string> _waiting = [];
    private readonly TaskCompletionSource _end = new();
    private Task _live = Task.CompletedTask;
    private Durations? _durations;
    private int _jobs = 1;
    private int _total;

    private ProgressView(IAnsiConsole console, bool moves, Verbosity verbosity, TimeProvider time)
    {
        _console = console;
        _moves = moves;
        _verbosity = verbosity;
        _time = time;
    }

    /// <param name="still">Whether something else is written to the same terminal meanwhile.</param>
    public static ProgressView Create(Verbosity verbosity = Verbosity.Normal, bool still = false) =>
        new(Terminal.Err, Terminal.ErrMoves && !still && verbosity != Verbosity.Quiet, verbosity, TimeProvider.System);

    /// <summary>Something that takes long has begun.</summary>
    public void Report(string value)
    {
        if (_verbosity != Verbosity.Quiet)
            Line(value.EscapeMarkup());
    }

    /// <param name="jobs">Guests at once.</param>
    /// <param name="durations">How long cases took before.</param>
    public void Begin(
        IReadOnlyList<Case> cases,
        int jobs,
        Durations durations,
        Accelerator accelerator,
        RunFolder folder
    )
    {
        lock (_gate)
        {
            _total = cases.Count;
            _waiting.UnionWith(cases.Select(@case => @case.Id));
            _jobs = jobs;
            _durations = durations;
        }

        Report($"{accelerator.Name}: {accelerator.Why}");
        Report($"evidence goes to {folder.Root}");
        if (_moves)
            _live = _console.Live(new LiveLines(width => Status().Lines(width))).AutoClear(true).StartAsync(DrawAsync);
    }

    IAttemptWatch IRunWatch.Begin(string caseId, CaseFolder folder)
    {
        var running = new RunningCase(caseId, folder, _time.GetTimestamp(), Entered, Ended);
        lock (_gate)
            _running.Add(running);
        return running;
    }

    /// <summary>A case has a verdict.</summary>
    public void Took(CaseResult result)
    {
        lock (_gate)
        {
            _counts[result.Verdict] = _counts.GetValueOrDefault(result.Verdict) + 1;
            _waiting.Remove(result.Case);
        }
    }

    public void Print(CaseResult result)
    {
        if (_verbosity == Verbosity.Quiet && !VerdictStyle.IsFailure(result.Verdict))
            return;
        string attempts = result.Attempts.Count > 1 ? $" (attempt {result.Attempts.Count})" : "";
        string reason = result.Reason.Length > 0 ? $": {result.Reason}" : "";
        Line(
            $"{VerdictStyle.Mark(result.Verdict)} {result.Case.EscapeMarkup()} {result.Seconds:0.0} "
                + $"s{attempts}{reason.EscapeMarkup()}"
        );
    }

    /// <summary>Takes what moves off the terminal; what comes after stays.</summary>
    public void End()
    {
        _end.TrySetResult();
        _live.GetAwaiter().GetResult();
    }

    public void Dispose() => End();

    private async Task DrawAsync(LiveDisplayContext context)
    {
        while (!_end.Task.IsCompleted)
        {
            context.Refresh();
            await Task.WhenAny(_end.Task, Task.Delay(Pace, _time));
        }
    }

    private void Entered(RunningCase running)
    {
        if (_verbosity == Verbosity.Verbose && running.Boot.Value > 0)
            Line($"[grey]{StateOf(running).PadRight(StateWidth)} {running.CaseId.EscapeMarkup()}[/]");
    }

    private void Line(string markup)
    {
        var line = new Markup($"{markup}\n");
        _console.Write(_moves ? new ClearedLines(line) : line);
    }

    private void Ended(RunningCase running)
    {
        lock (_gate)
            _running.Remove(running);
    }

    private RunStatus Status()
    {
        lock (_gate)
        {
            return new RunStatus(
                [.. _running.Select(one => (one.CaseId, StateOf(one), _time.GetElapsedTime(one.Since)))],
                _running is [.., { Console: { } console }] ? LastLine.Of(console) : null,
                new SortedDictionary<Verdict, int>(_counts),
                _total,
                _durations?.Together(_waiting, _jobs)
            );
        }
    }

    private static string StateOf(RunningCase running) =>
        running.Boot.Value == 0 ? "prepares" : $"boot {running.Boot}: {running.State}";
}
