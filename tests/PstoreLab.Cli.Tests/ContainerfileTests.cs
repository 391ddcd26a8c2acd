using System.Text.RegularExpressions;
using PstoreLab.Harness.Processes;

namespace PstoreLab.Cli.Tests;

/// <summary>
/// The container for CI, as far as it can be checked where no container is built; build/dist-check.sh carries out what
/// it runs.
/// </summary>
[CancelAfter(60_000)]
public sealed partial class ContainerfileTests
{
    private static string Build(string file) => File.ReadAllText(Path.Combine(MarkdownPage.Root, "build", file));

    private static (string Name, string Words)[] Instructions =>
        [
            .. Build("Containerfile")
                .Replace("\\\n", "", StringComparison.Ordinal)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '#')
                .Select(line => (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])),
        ];

    [Test]
    public void It_is_made_of_instructions_in_the_order_that_they_take() =>
        Assert.That(
            Instructions.Select(instruction => instruction.Name),
            Is.EqualTo(new[] { "FROM", "COPY", "RUN", "USER", "WORKDIR", "ENTRYPOINT", "CMD" })
        );

    [Test]
    public async Task What_it_runs_is_sh_and_installs_what_it_copies()
    {
        string copied = Of("COPY").Split(' ')[0];
        Assert.That(copied, Is.EqualTo("artifacts/dist/pstorelab_*_amd64.deb"));
        Assert.That(Build("dist.sh"), Does.Contain("\"$dist/pstorelab_${version}_amd64.deb\""));
        Assert.That(Of("RUN"), Does.Contain("/tmp/pstorelab_*_amd64.deb"));
        var read = await new ProcessRunner().RunAsync(new ProcessSpec("sh", "-n", "-c", Of("RUN")));
        Assert.That((read.Exit.Code, read.StandardError), Is.EqualTo((0, "")));
    }

    [Test]
    public void It_has_all_that_the_package_recommends_for_guests_with_systemd()
    {
        string recommended = Recommended().Match(Build("dist.sh")).Groups[1].Value;
        Assert.That(recommended, Does.Contain("mmdebstrap"));
        foreach (string package in recommended.Split(' '))
            Assert.That(Of("RUN"), Does.Match($" {package}( |$)"), package);
    }

    [Test]
    public void Its_user_is_made_and_its_command_is_one()
    {
        Assert.That(Of("RUN"), Does.EndWith($"useradd --create-home {Of("USER")}"));
        Assert.That(Of("WORKDIR"), Is.EqualTo($"/home/{Of("USER")}"));
        Assert.That(Of("ENTRYPOINT"), Is.EqualTo("[\"pstorelab\"]"));
        Assert.That(CommandLine.Root().Subcommands.Select(command => $"[\"{command.Name}\"]"), Does.Contain(Of("CMD")));
    }

    private static string Of(string name) => Instructions.Single(instruction => instruction.Name == name).Words;

    [GeneratedRegex(@"(?m)^recommended='([^']*)'$")]
    private static partial Regex Recommended();
}
