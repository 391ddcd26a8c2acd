using PstoreLab.Harness.Evidence;
using Spectre.Console;

namespace PstoreLab.Cli.Output;

/// <summary>What <c>judge</c> finds: a row a case, and where it now says otherwise than before.</summary>
internal static class JudgementTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<JudgedCase> cases)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("verdict", "case", "what was found");
        table.Columns[1].NoWrap();
        foreach (var judged in cases)
            table.AddRow(
                VerdictStyle.Mark(judged.Judgement.Verdict).TrimEnd(),
                judged.Case.EscapeMarkup(),
                Found(judged).EscapeMarkup()
            );
        console.Write(table);
        console.MarkupLine(VerdictTable.Summary([.. cases.Select(judged => judged.Judgement.Verdict)]));
        if (cases.Count(HasChanged) is > 0 and var changed)
            console.MarkupLineInterpolated(
                $"{changed} of them {(changed == 1 ? "is" : "are")} not what was found when the evidence was made"
            );
    }

    private static string Found(JudgedCase judged)
    {
        var (verdict, reason, findings) = judged.Judgement;
        string found = VerdictTable.Found(verdict, reason, findings);
        return HasChanged(judged) ? $"(before: {VerdictStyle.Word(judged.Before!.Value)}) {found}" : found;
    }

    private static bool HasChanged(JudgedCase judged) =>
        judged.Before is { } before && before != judged.Judgement.Verdict;
}
