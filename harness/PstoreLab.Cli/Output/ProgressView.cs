using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>
/// What is shown while a run goes on: a line per result, and on a terminal a last line that says how far it is.
/// </summary>
internal sealed class ProgressView : IProgress<string>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IAnsiConsole _console = Terminal.Err;
    private readonly bool _moves;
    private readonly Dictionary<Verdict, int> _count = [];
    private int _total;
    private string _status = "";

    private ProgressView(bool moves) => _moves = moves;

    public static ProgressView Create() => new(Terminal.ErrMoves);

    /// <summary>Something that takes long has begun.</summary>
    public void Report(string value) => Line($"{value.EscapeMarkup()}");

    public void Begin(int total, Accelerator accelerator, RunFolder folder)
    {
        _total = total;
        Line($"{accelerator.Name}: {accelerator.Why.EscapeMarkup()}");
        Line($"evidence goes to {folder.Root.EscapeMarkup()}");
    }

    public void Add(CaseResult result)
    {
        _count[result.Verdict] = _count.GetValueOrDefault(result.Verdict) + 1;
        string attempts = result.Attempts.Count > 1 ? $" (attempt {result.Attempts.Count})" : "";
        string reason = result.Reason.Length > 0 ? $": {result.Reason}" : "";
        Line(
            $"{VerdictStyle.Mark(result.Verdict)} {result.Case.EscapeMarkup()} {result.Seconds:0.0} "
                + $"s{attempts}{reason.EscapeMarkup()}"
        );
    }

    public void End()
    {
        lock (_gate)
        {
            Clear();
            _status = "";
            _total = 0;
        }
    }

    public void Dispose() => End();

    private void Line(string markup)
    {
        lock (_gate)
        {
            Clear();
            _console.MarkupLine(markup);
            if (!_moves || _total == 0)
                return;
            int done = _count.Values.Sum();
            _status =
                $"{done}/{_total}"
                + string.Concat(
                    _count
                        .Where(pair => pair.Key != Verdict.Passed)
                        .Select(pair => $", {pair.Value} {VerdictStyle.Word(pair.Key)}")
                );
            Terminal.Move(_status);
        }
    }

    private void Clear()
    {
        if (_status.Length > 0)
            Terminal.Move("\r" + new string(' ', _status.Length) + "\r");
    }
}
