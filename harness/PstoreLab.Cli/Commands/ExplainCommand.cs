using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using PstoreLab.Cli.Help;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Scripts;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab explain CASE</c>: prints the plan of one case, which is exactly what <c>run</c> would carry out.
/// </summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Name = new("CASE")
    {
        Description = "A case as `pstorelab list` prints it, or anything that chooses just one.",
    };
    private static readonly Option<bool> Json = new("--json") { Description = "The plan as JSON." };
    private static readonly Option<bool> Script = new("--script")
    {
        Description = "The plan as the bash script that repro.sh would be.",
    };

    public static Command Create()
    {
        var command = new LabCommand(
            "explain",
            CommandGroup.Look,
            "prints what a case does, to the last QEMU argument",
            ["explain cycle/record-whole/erst-cold-debian-6.1"]
        )
        {
            Name,
            Json,
            Script,
        };
        var kernels = new OwnGuestsOption(command);
        var append = new AppendOption(command);
        command.SetAction((parsed, cancellation) => ExplainAsync(parsed, kernels, append, cancellation));
        return command;
    }

    private static async Task<int> ExplainAsync(
        ParseResult parsed,
        OwnGuestsOption kernels,
        AppendOption append,
        CancellationToken cancellation
    )
    {
        append.Parse(parsed);
        using var view = ProgressView.Create();
        var lab = await kernels.OpenAsync(parsed, view, cancellation);
        string name = parsed.GetRequiredValue(Name);
        var cases = append.To(parsed, lab.Scenarios.Load([name]));
        OldWordNotices.Print(lab.Scenarios);
        if (cases.Count != 1)
            throw new UsageException($"'{name}' is {cases.Count} cases; name one of them, such as {cases[0].Id}");
        kernels.Check(parsed, cases);
        Planner.Check(cases[0]);
        var plan = Planner.Plan(
            cases[0],
            await lab.Images.ForAsync(cases[0], cancellation),
            lab.RememberedAccelerator?.Name ?? "tcg",
            () => RandomNumberGenerator.GetHexString(16, lowercase: true)
        );
        string script = ReproScript.Write(plan) + "\n";
        if (parsed.GetValue(Json))
            Terminal.Json(EvidenceJson.Text(plan));
        else if (parsed.GetValue(Script))
            Terminal.Exactly(Encoding.UTF8.GetBytes(script), () => script);
        else
            Terminal.Text.WriteLine(PlanText.Of(plan));
        return ExitCode.Passed;
    }
}
