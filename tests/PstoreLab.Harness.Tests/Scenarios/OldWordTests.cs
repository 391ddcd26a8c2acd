using PstoreLab.Harness.Scenarios;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>The names of the version before: read, with a notice, and offered to nobody.</summary>
public sealed class OldWordTests
{
    private const string Start = "scenario: s\nsummary: x\nbackend: erst\n";

    private const string Old = """
        matrix: { content: [any, unread] }
        steps:
        - boot: debian-6.1
          crash-kernel: none
        - crash: { way: nmi }
        - restart: cold
        - expect: { records: { type: dmesg, content: "${content}" } }
        """;

    private ScenarioBench bench = null!;

    [SetUp]
    public void SetUp() => bench = new ScenarioBench();

    [TearDown]
    public void TearDown() => bench.Dispose();

    [Test]
    public void Each_place_is_named_once_however_many_cells_and_readings_there_are()
    {
        Assert.That(
            NoticesOf(Old),
            Is.EqualTo(
                new[]
                {
                    "4:26: 'unread' is called 'compressed' now; the old word is read until 0.3",
                    "7:3: 'crash-kernel' is called 'capture-kernel' now; the old word is read until 0.3",
                    "8:12: 'way' is called 'trigger' now; the old word is read until 0.3",
                }
            )
        );
    }

    [Test]
    public void The_new_words_say_the_same_without_a_notice()
    {
        var renamed = Old.Replace("unread", "compressed")
            .Replace("crash-kernel", "capture-kernel")
            .Replace("way", "trigger");
        var old = bench.Load(bench.Write("family/s.yaml", Start + Old));
        var now = bench.Load(bench.Write("family/s.yaml", Start + renamed));
        Assert.That(NoticesOf(renamed), Is.Empty);
        var meant = new[]
        {
            ((CaptureKernel?)CaptureKernel.None, "nmi", RecordContent.Any),
            (CaptureKernel.None, "nmi", RecordContent.Compressed),
        };
        Assert.That(old.Select(MeaningOf), Is.EqualTo(meant));
        Assert.That(now.Select(MeaningOf), Is.EqualTo(meant));
    }

    [Test]
    public void A_key_under_both_names_is_refused()
    {
        bench.Write("family/s.yaml", $"{Start}steps:\n- boot: debian-6.1\n- crash: {{ way: nmi, trigger: oops }}\n");
        Assert.That(
            bench.FailureOf("family"),
            Does.EndWith("6:22: found both 'trigger' and 'way', its name before; expected 'trigger' alone")
        );
    }

    [TestCase("capture-kernel", "crash-kernel")]
    [TestCase("trigger", "way")]
    [TestCase("compressed", "unread")]
    public void The_schema_and_the_messages_offer_the_new_word_alone(string now, string before)
    {
        var schema = ScenarioSchema.Generate();
        Assert.That(schema, Does.Contain($"\"{now}\"").And.Not.Contain($"\"{before}\""));
    }

    private string[] NoticesOf(string yaml)
    {
        var path = bench.Write("family/s.yaml", Start + yaml);
        var loader = bench.Loader;
        loader.Load([path]);
        loader.Load([path]);
        return [.. loader.OldWords.Select(word => $"{word}"[($"{word.Source.File}".Length + 1)..])];
    }

    private static (CaptureKernel?, string, RecordContent) MeaningOf(Case @case) =>
        (
            @case.Steps.OfType<BootStep>().Single().Options.CaptureKernel,
            @case.Steps.OfType<CrashStep>().Single().Trigger,
            @case.Steps.OfType<ExpectStep>().Single().Expectation.Records!.Single().Content
        );
}
