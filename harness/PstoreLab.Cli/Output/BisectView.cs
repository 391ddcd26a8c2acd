using PstoreLab.Harness.Bisection;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Runs;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>A search for a person: what there is to search, each step, and the answer with its evidence.</summary>
internal static class BisectView
{
    public static void List(
        IAnsiConsole console,
        BisectCases cases,
        Func<KernelChoice, string?> versionHere,
        BisectCost cost
    )
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("kernel", "version", "MB to fetch");
        table.Columns[2].RightAligned();
        foreach (var kernel in cases.Kernels)
        {
            string? here = versionHere(kernel);
            string fetching =
                here is not null ? "here"
                : kernel.Bytes is { } bytes ? $"{(bytes + 999_999) / 1_000_000}"
                : "not known";
            table.AddRow(kernel.Name.EscapeMarkup(), (kernel.Version ?? here ?? "the newest").EscapeMarkup(), fetching);
        }

        console.Write(table);
        console.MarkupLineInterpolated($"{cases.Id}, {string.Join(" and ", cases.Dimensions)}");
        console.MarkupLineInterpolated($"{cost.ToString()}");
    }

    public static string StepLine(BisectStep step)
    {
        string verdicts = string.Join(
            ", ",
            step.Results.GroupBy(result => result.Verdict)
                .Select(group => VerdictStyle.Word(group.Key) + (group.Count() > 1 ? $" {group.Count()} times" : ""))
        );
        string reason =
            step.Answer != StepAnswer.Good && step.Telling.Reason.Length > 0 ? $": {OneLine(step.Telling.Reason)}" : "";
        return $"{step.Kernel}: {Word(step.Answer)} ({verdicts}){(step.Uncertain ? ", by majority" : "")}{reason}";
    }

    public static void Print(IAnsiConsole console, BisectReport report, RunFolder folder)
    {
        console.MarkupLineInterpolated($"[bold]{report.Case}[/]");
        switch (report.Ending)
        {
            case BisectEnding.Found:
                Step(console, "[red]first bad[/]", report.StepOf(report.FirstBad)!, folder);
                Step(console, "[green]last good[/]", report.StepOf(report.LastGood)!, folder);
                break;
            case BisectEnding.Range:
                string range = string.Join(", ", report.Between.Append(report.FirstBad!));
                console.MarkupLineInterpolated(
                    $"the first bad version is one of {range}: of the others among them nothing is known"
                );
                Step(console, "[red]bad      [/]", report.StepOf(report.FirstBad)!, folder);
                Step(console, "[green]last good[/]", report.StepOf(report.LastGood)!, folder);
                break;
            case BisectEnding.NothingToTest:
                console.MarkupLineInterpolated($"nothing to find: fewer than two of the versions come to a verdict");
                break;
            default:
                Ends(console, report, folder);
                break;
        }

        foreach (var step in report.Steps.Where(step => step.Answer == StepAnswer.Skipped))
            Step(console, "[grey]skipped  [/]", step, folder);
        console.MarkupLineInterpolated($"every step: {folder.Root}");
    }

    private static void Ends(IAnsiConsole console, BisectReport report, RunFolder folder)
    {
        var judged = report.Steps.Where(step => step.Answer != StepAnswer.Skipped).ToList();
        string why = report.Ending switch
        {
            BisectEnding.BothGood => "both ends pass; the last version must fail",
            BisectEnding.BothBad => "both ends fail; the first version must pass",
            _ => "the first version fails and the last one passes; to find what fixed it, give --kernels the "
                + "other way round",
        };
        console.MarkupLineInterpolated($"nothing to find: {why}");
        Step(console, "first    ", judged[0], folder);
        Step(console, "last     ", judged[^1], folder);
    }

    private static void Step(IAnsiConsole console, string title, BisectStep step, RunFolder folder)
    {
        string release = string.Join(" → ", step.Telling.Kernels.Select(kernel => kernel.Label));
        string reason = step.Telling.Reason.Length > 0 ? $": {OneLine(step.Telling.Reason)}" : "";
        string majority = step.Uncertain ? ", by majority" : "";
        console.MarkupLine(
            $"{title} [bold]{step.Kernel.EscapeMarkup()}[/] ({release.EscapeMarkup()}) "
                + $"{VerdictStyle.Word(step.Telling.Verdict)}{reason.EscapeMarkup()}{majority}"
        );
        console.MarkupLineInterpolated($"          [grey]{folder.In(step.Telling.Folder)}[/]");
    }

    private static string Word(StepAnswer answer) => answer.ToString().ToLowerInvariant();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
