using System.CommandLine;
using PstoreLab.Cli.Help.Completion;
using PstoreLab.Cli.Output;
using PstoreLab.Harness.Backends;
using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Rootfs;
using PstoreLab.Harness.Runs;

namespace PstoreLab.Cli.Commands;

/// <summary>
/// <c>pstorelab complete-name KIND WORD</c>, for scripts of <c>completion</c>: names that a word can become, a line
/// each. Somebody waits for them at a prompt, so no more is read than that takes, and no fault is shown.
/// </summary>
internal static class NameCommand
{
    private static readonly Argument<ValueKind> Kind = new("KIND");
    private static readonly Argument<string> Word = new("WORD") { Arity = ArgumentArity.ZeroOrOne };

    public static Command Create()
    {
        var command = new Command("complete-name", "Prints names that a word can become.") { Kind, Word };
        command.Hidden = true;
        command.SetAction(Print);
        return command;
    }

    private static int Print(ParseResult parsed)
    {
        string word = parsed.GetValue(Word) ?? "";
        try
        {
            foreach (string name in Names(parsed.GetValue(Kind), word))
            {
                if (name.StartsWith(word, StringComparison.Ordinal))
                    Terminal.Text.WriteLine(name);
            }
        }
        catch (LabException)
        {
            // There is nothing to complete with.
        }
        return ExitCode.Passed;
    }

    private static IEnumerable<string> Names(ValueKind kind, string word) =>
        kind switch
        {
            ValueKind.Case => Cases(word),
            ValueKind.Kernel => Kernels(),
            ValueKind.Guest => Guests(),
            ValueKind.Image => [.. Kernels(), .. Guests()],
            ValueKind.Backend => BackendCatalogue.All.Select(backend => backend.Name),
            _ => [],
        };

    /// <summary>Families, then scenarios of one, then cases of that.</summary>
    private static IEnumerable<string> Cases(string word)
    {
        var paths = Checkout.Find();
        string[] parts = word.Split('/');
        return parts.Length switch
        {
            1 => Directory
                .GetDirectories(paths.Scenarios)
                .Select(family => Path.GetFileName(family) + "/")
                .Order(StringComparer.Ordinal),
            2 when Directory.Exists(Path.Combine(paths.Scenarios, parts[0])) => Directory
                .GetFiles(Path.Combine(paths.Scenarios, parts[0]), "*.yaml")
                .Select(file => $"{parts[0]}/{Path.GetFileNameWithoutExtension(file)}")
                .Order(StringComparer.Ordinal),
            3 => new Lab(paths, TimeProvider.System)
                .Scenarios.Load([$"{parts[0]}/{parts[1]}"])
                .Select(@case => @case.Id),
            _ => [],
        };
    }

    private static IEnumerable<string> Kernels() =>
        KernelCatalogue.Load(Path.Combine(Checkout.Find().Images, "kernels.yaml")).Names;

    private static IEnumerable<string> Guests() =>
        RootfsCatalogue.Load(Path.Combine(Checkout.Find().Images, "rootfs.yaml")).Names;
}
