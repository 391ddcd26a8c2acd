using System.Text.RegularExpressions;
using PstoreLab.Harness.Processes;
using YamlDotNet.RepresentationModel;

namespace PstoreLab.Scenarios.Controls;

/// <summary>
/// The recipes of docs/ci.md and the steps of action.yml, as a pipeline's shell would run them: with the real program
/// and a real guest. Only make does nothing, for the program is built already.
/// </summary>
[Category("Quick")]
public sealed partial class RecipeTests
{
    private static readonly string Root = LabSession.Lab.Paths.Root;

    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "ci.md"));

    // As GitLab, without bash in the image, and Jenkins start a script.
    private static readonly string[] Sh = ["sh", "-e"];

    // As tmt and GitHub do.
    private static readonly string[] Bash = ["bash", "-eo", "pipefail"];

    [Test]
    public async Task The_recipe_for_GitLab_passes()
    {
        string script = string.Join('\n', Words(Yaml(Block("GitLab", "yaml")), "pstore", "script"));
        string folder = await RunAsync(script, Sh);
        Assert.That(File.ReadAllText(Path.Combine(folder, "results", "junit.xml")), Does.Contain("tests=\"1\""));
        Assert.That(File.Exists(Path.Combine(folder, "evidence.tar.gz")), Is.False, "nothing failed");
    }

    [Test]
    public async Task The_recipe_for_Jenkins_passes()
    {
        string script = Script().Match(Block("Jenkins", "groovy")).Groups["script"].Value;
        Assert.That(script, Does.Contain("pstorelab run"), "it was found");
        string folder = await RunAsync(script, Sh);
        Assert.That(File.ReadAllText(Path.Combine(folder, "results", "junit.xml")), Does.Contain("tests=\"1\""));
    }

    [Test]
    public async Task The_recipe_for_tmt_passes()
    {
        string folder = await RunAsync(Words(Yaml(Block("tmt", "yaml")), "test").Single(), Bash);
        Assert.That(File.Exists(Path.Combine(folder, "data", "latest", "junit.xml")));
    }

    [Test]
    public async Task The_steps_of_the_action_pass()
    {
        var steps = Steps(File.ReadAllText(Path.Combine(Root, "action.yml")));
        Assert.That(steps, Has.Count.EqualTo(3), "they were found");
        string folder = await RunAsync(
            string.Join('\n', steps.Select(step => $"bash -eo pipefail -c {Quoted(step)}")),
            Bash
        );
        string outputs = File.ReadAllText(Path.Combine(folder, "output"));
        string junit = Regex.Match(outputs, "^junit=(.*)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.That(File.ReadAllText(junit), Does.Contain("failures=\"0\""));
        Assert.That(File.ReadAllText(Path.Combine(folder, "summary")), Does.StartWith("## pstorelab: 1 passed"));
    }

    [Test]
    public async Task The_commands_of_the_page_pass()
    {
        string[] blocks = [.. Fence().Matches(Page).Where(IsShell).Select(block => block.Groups["text"].Value)];
        Assert.That(blocks, Has.Length.EqualTo(2), "they were found");
        string folder = await RunAsync(string.Join('\n', blocks), Bash);
        Assert.That(File.ReadAllText(Path.Combine(folder, "summary.md")), Does.StartWith("## pstorelab: 1 passed"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "kcidb.json")), Does.Contain("\"PASS\""));
        // A run that ended early is not green when it is judged again either.
        string record = Path.Combine(folder, "out", "latest", "run.json");
        string ended = File.ReadAllText(record);
        await File.WriteAllTextAsync(
            record,
            ended.Replace("\"notRun\": []", "\"notRun\": [{\"case\": \"cycle/a\", \"why\": \"so\", \"kernels\": []}]")
        );
        var judged = await new ProcessRunner().RunAsync(
            new ProcessSpec(
                Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab"),
                "judge",
                Path.Combine(folder, "out", "latest")
            )
        );
        Assert.That(judged.Exit.Code, Is.EqualTo(6), judged.StandardError);
        Assert.That(judged.StandardError, Does.Contain("1 case of the run did not come to a verdict"));
    }

    /// <summary>So that a recipe which fails is seen to fail.</summary>
    [Test]
    public async Task A_recipe_with_a_wrong_option_fails()
    {
        string script = string.Join('\n', Words(Yaml(Block("GitLab", "yaml")), "pstore", "script"));
        var run = await CarryOutAsync(script.Replace("--known ", "--knwon "), Sh);
        Assert.That(run.Output.Exit.Code, Is.Not.Zero);
        Assert.That(run.Output.StandardError, Does.Contain("did you mean '--known'?"));
    }

    private static async Task<string> RunAsync(string script, string[] shell)
    {
        var (output, folder) = await CarryOutAsync(script, shell);
        Assert.That(output.Exit.Code, Is.Zero, $"{output.StandardOutput}\n{output.StandardError}");
        return folder;
    }

    /// <summary>Runs a script in a folder like a pipeline's: a checkout of ours, and the page's list of bugs.</summary>
    private static async Task<(CapturedOutput Output, string Folder)> CarryOutAsync(string script, string[] shell)
    {
        string folder = Path.Combine((await Fixture.FolderAsync()).Root, "work");
        string stubs = Path.Combine(folder, "stubs");
        string program = Path.Combine(folder, "pstorelab", "bin", "pstorelab");
        foreach (string needed in new[] { stubs, Path.GetDirectoryName(program)!, Path.Combine(folder, "data") })
            Directory.CreateDirectory(needed);
        Executable(Path.Combine(stubs, "make"), ":");
        Executable(
            program,
            $"exec {Quoted(Path.Combine(TestContext.CurrentContext.TestDirectory, "pstorelab"))} \"$@\""
        );
        File.CreateSymbolicLink(Path.Combine(stubs, "pstorelab"), program);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "known.yaml"),
            Fence().Matches(Page).Select(block => block.Groups["text"].Value).Single(text => text.StartsWith("known:"))
        );
        var output = await new ProcessRunner().RunAsync(
            new ProcessSpec(shell[0], [.. shell[1..], "-c", script])
            {
                WorkingDirectory = folder,
                Environment = new Dictionary<string, string?>
                {
                    ["PATH"] = $"{stubs}:{Environment.GetEnvironmentVariable("PATH")}",
                    ["PSTORELAB_ROOT"] = Root,
                    ["CASES"] = Fixture.CrashCase,
                    ["ACTION_PATH"] = Path.Combine(folder, "pstorelab"),
                    ["SETUP"] = "build",
                    ["OUT"] = Path.Combine(folder, "data"),
                    ["KNOWN"] = "known.yaml",
                    ["REQUIRE"] = "all",
                    ["TIME_LIMIT"] = "40m",
                    ["TMT_TEST_DATA"] = Path.Combine(folder, "data"),
                    ["GITHUB_ACTIONS"] = "true",
                    ["GITHUB_OUTPUT"] = Path.Combine(folder, "output"),
                    ["GITHUB_STEP_SUMMARY"] = Path.Combine(folder, "summary"),
                    ["GITHUB_WORKSPACE"] = folder,
                },
            }
        );
        return (output, folder);
    }

    private static void Executable(string path, string script)
    {
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Quoted(string word) => ShellWords.Quote(word);

    /// <summary>The first block of that language under a heading.</summary>
    private static string Block(string heading, string language)
    {
        string section = Regex
            .Match(Page, $@"^## {heading}\n(?<text>.*?)(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline)
            .Groups["text"]
            .Value;
        return Fence().Matches(section).First(block => block.Groups["language"].Value == language).Groups["text"].Value;
    }

    private static bool IsShell(Match block) => block.Groups["language"].Value == "sh";

    private static List<string> Steps(string action) =>
        [
            .. ((YamlSequenceNode)At(Yaml(action), "runs", "steps"))
                .Children.Cast<YamlMappingNode>()
                .Select(step => step.Children.TryGetValue("run", out var run) ? run : null)
                .OfType<YamlScalarNode>()
                .Select(run => run.Value!),
        ];

    private static IEnumerable<string> Words(YamlNode root, params string[] path) =>
        At(root, path) switch
        {
            YamlSequenceNode list => list.Children.Select(item => ((YamlScalarNode)item).Value!),
            var scalar => [((YamlScalarNode)scalar).Value!],
        };

    private static YamlNode At(YamlNode root, params string[] path) =>
        path.Aggregate(root, (node, key) => ((YamlMappingNode)node).Children[key]);

    private static YamlNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents[0].RootNode;
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("script: '''\n(?<script>.*?)'''", RegexOptions.Singleline)]
    private static partial Regex Script();
}
