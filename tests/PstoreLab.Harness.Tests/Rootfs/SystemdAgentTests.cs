using System.Text;
using PstoreLab.Harness.Processes;
using PstoreLab.Harness.Tests.Host;
using PstoreLab.Harness.Tests.Scenarios;

namespace PstoreLab.Harness.Tests.Rootfs;

/// <summary>
/// The agent of a systemd guest (images/rootfs/initramfs/agent), with a systemctl that says what a test has it say.
/// </summary>
[CancelAfter(60_000)]
public class SystemdAgentTests
{
    private const string AtRest = "ActiveState=active\\n\\nActiveState=inactive\\n";

    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp()
    {
        _scratch = new ScratchFolder();
        string images = Path.Combine(ScenarioBench.Root, "images");
        // Its own places are those of the guest.
        _scratch.Write(
            "agent",
            File.ReadAllText(Path.Combine(images, "rootfs/initramfs/agent"))
                .Replace("home=/usr/lib/pstorelab", $"home={_scratch.Path}")
                .Replace("work=/run/pstorelab", $"work={_scratch.Path}/work")
        );
        _scratch.Write("verbs", File.ReadAllText(Path.Combine(images, "verbs/verbs")));
    }

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("echo it; echo error >&2", "0\nit\nerror\n")]
    [TestCase("exit 7", "7\n")]
    [TestCase("false", "1\n")]
    [TestCase("if", "2\n", true)]
    [TestCase("printf '%s ' \"$unit$work$verb\" 'a  b'", "0\n a  b ")]
    [TestCase("cd / && echo pro?", "0\nproc\n", Description = "a pattern is one")]
    public async Task A_command_is_answered_with_its_exit_code_and_what_it_said(
        string command,
        string answer,
        bool more = false
    )
    {
        var output = await AgentAsync("run", Convert.ToBase64String(Encoding.UTF8.GetBytes(command)));
        Assert.That((output.Exit.Code, output.StandardError), Is.EqualTo((0, "")));
        Assert.That(output.StandardOutput, more ? Does.StartWith(answer) : Is.EqualTo(answer));
    }

    [Test]
    public async Task A_guest_of_a_checkpoint_gets_the_time_and_what_its_devices_lost()
    {
        Program("date", $"echo \"$@\" >'{_scratch.Path}/date'");
        Program("dd", $"echo \"$@\" >>'{_scratch.Path}/dd'; cat >>'{_scratch.Path}/bytes'");
        var output = await AgentAsync(
            "awake",
            "1796040625",
            "seed",
            "0000:00:02.0",
            "16",
            "\\000\\300",
            "b",
            "4",
            "\\002"
        );
        Assert.That((output.Exit.Code, output.StandardError, output.StandardOutput), Is.EqualTo((0, "", "")));
        Assert.That(Read("date"), Is.EqualTo("-s @1796040625\n"));
        Assert.That(
            Read("dd"),
            Is.EqualTo(
                "of=/sys/bus/pci/devices/0000:00:02.0/config bs=1 seek=16 conv=notrunc\n"
                    + "of=/sys/bus/pci/devices/b/config bs=1 seek=4 conv=notrunc\n"
            )
        );
        Assert.That(Read("bytes"), Is.EqualTo("\0\u00c0\u0002"));
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_scratch.Path, name), Encoding.Latin1);

    [Test]
    public async Task What_is_no_verb_is_a_fault()
    {
        var output = await AgentAsync("dance");
        Assert.That((output.Exit.Code, output.StandardError), Is.EqualTo((1, "no such verb: dance\n")));
    }

    [TestCase("ActiveState=activating\\n\\nActiveState=inactive\\n", Description = "early boot goes on")]
    [TestCase("ActiveState=inactive\\n\\nActiveState=inactive\\n", Description = "early boot has not begun")]
    [TestCase("ActiveState=active\\n\\nActiveState=activating\\n", Description = "the archiver is at work")]
    [TestCase("ActiveState=active\\n\\nActiveState=deactivating\\n")]
    [TestCase("ActiveState=active\\n\\nActiveState=inactive\\nJob=12\\n", Description = "the archiver is to come")]
    [TestCase("ActiveState=active\\nJob=3\\n\\nActiveState=inactive\\n")]
    [TestCase("ActiveState=active\\n", Description = "nothing is said of the archiver")]
    [TestCase("")]
    public async Task The_archiver_is_waited_for(string busy)
    {
        Assert.That(await SettleAsync(busy, AtRest), Is.EqualTo("3"));
    }

    [TestCase(AtRest)]
    [TestCase("ActiveState=active\\n\\nActiveState=active\\n")]
    [TestCase("ActiveState=active\\n\\nActiveState=failed\\n")]
    [TestCase("ActiveState=active\\nJob=0\\n\\nActiveState=inactive\\nJob=0\\n")]
    public async Task An_archiver_at_rest_is_not_waited_for(string atRest) =>
        Assert.That(await SettleAsync(atRest, atRest), Is.EqualTo("1"));

    /// <returns>How often systemctl was asked, which says <paramref name="first"/> twice and then something
    /// else.</returns>
    private async Task<string> SettleAsync(string first, string then)
    {
        Program(
            "systemctl",
            $"echo >>'{_scratch.Path}/asked'\nif [ $(wc -l <'{_scratch.Path}/asked') -lt 3 ]; then printf "
                + $"'{first}'; else printf '{then}'; fi"
        );
        // A verb is what the agent is called with; this is one of its functions.
        _scratch.Write(
            "settle",
            File.ReadAllText(Path.Combine(_scratch.Path, "agent")).Split("\nverb=$1")[0]
                + "\nsettle\nwc -l <$home/asked\n"
        );
        var output = await RunAsync("settle");
        Assert.That(output.Exit.Code, Is.Zero, output.StandardError);
        return output.StandardOutput.Trim();
    }

    private void Program(string name, string script) =>
        File.SetUnixFileMode(
            _scratch.Write($"bin/{name}", "#!/bin/sh\n" + script + "\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

    private Task<CapturedOutput> AgentAsync(params string[] words) => RunAsync(["agent", .. words]);

    private Task<CapturedOutput> RunAsync(params string[] words) =>
        new ProcessRunner().RunAsync(
            new ProcessSpec(
                "env",
                [$"PATH={_scratch.Path}/bin:/usr/bin:/bin", "sh", Path.Combine(_scratch.Path, words[0]), .. words[1..]]
            )
        );
}
