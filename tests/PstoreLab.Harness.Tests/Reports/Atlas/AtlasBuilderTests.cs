using System.Text.Json;
using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;
using PstoreLab.Harness.Reports.Atlas;
using PstoreLab.Harness.Reports.Atlas.Html;
using PstoreLab.Harness.Tests.Runs;

namespace PstoreLab.Harness.Tests.Reports.Atlas;

/// <summary>Where cases go on the atlas, and what a cell says of them.</summary>
public class CartographyTests
{
    [TestCase("writer=debian-5.10 reader=debian-7.2", null, ExpectedResult = "debian-5.10 → debian-7.2, erst deflate")]
    [TestCase("kernel=debian-6.1", null, ExpectedResult = "debian-6.1 → debian-6.1, erst deflate")]
    [TestCase("kernel=debian-6.1", "lz4", ExpectedResult = "debian-6.1 → debian-6.1, erst lz4")]
    [TestCase("kernel=debian-6.1 compressor=zstd", null, ExpectedResult = "debian-6.1 → debian-6.1, erst zstd")]
    [TestCase("reader=debian-7.2", "none", ExpectedResult = "first → debian-7.2, erst none")]
    [TestCase("restart=cold", "none", ExpectedResult = "first → last, erst none")]
    public string A_case_goes_where_its_cell_and_its_plan_say(string cell, string? compress)
    {
        var parameters = compress is null
            ? new Dictionary<string, string>()
            : new Dictionary<string, string> { ["pstore.compress"] = compress };
        var plan = new Plan(
            "a/b",
            "",
            new Dictionary<string, string>(),
            "erst",
            "tcg",
            256,
            [new PlannedKernel("first", "1", "1"), new PlannedKernel("last", "2", "2")],
            [],
            new(0, null),
            [
                new PlannedBoot(new BootNumber(1), "first", parameters, 1, [new PowerOn([], true)]),
                new PlannedBoot(
                    new BootNumber(2),
                    "last",
                    new Dictionary<string, string> { ["pstore.compress"] = "of the reader" },
                    1,
                    [new PowerOn([], true)]
                ),
            ],
            []
        );
        return Show(CellPlace.Of(Case("a/b", cell), plan));
    }

    [Test]
    public void A_case_without_kernels_is_on_no_map_and_is_told()
    {
        var atlas = Draw(Case("control/none", "restart=cold", Verdict.Unsupported));
        Assert.That(atlas.Maps, Is.Empty);
        Assert.That(atlas.Unplaced.Select(one => one.Case), Is.EqualTo(["control/none"]));
        Assert.That(AtlasHtml.Text(atlas), Does.Contain("On no map").And.Contain("control/none"));
    }

    [TestCase("passed unsupported", ExpectedResult = "passed")]
    [TestCase("unsupported", ExpectedResult = "unsupported")]
    [TestCase("passed known", ExpectedResult = "known")]
    [TestCase("known infra passed", ExpectedResult = "infra")]
    [TestCase("infra error", ExpectedResult = "error")]
    [TestCase("passed error failed infra known unsupported", ExpectedResult = "failed")]
    public string A_cell_has_the_worst_verdict_of_its_cases(string verdicts)
    {
        var cell = Draw([
            .. verdicts
                .Split(' ')
                .Select(
                    (word, index) =>
                        Case($"a/{index}", "kernel=debian-6.1", Enum.Parse<Verdict>(word, ignoreCase: true))
                ),
        ])
            .Maps.Single()
            .Cells.Single();
        Assert.That(cell.Cases[0].Verdict, Is.EqualTo(cell.Verdict), "and the worst is the first to be read");
        return cell.Verdict.ToString().ToLowerInvariant();
    }

    [Test]
    public void Every_verdict_has_its_place_and_its_sign()
    {
        Assert.That(CellVerdict.Order, Is.EquivalentTo(Enum.GetValues<Verdict>()));
        Assert.That(CellVerdict.Order.Select(VerdictMark.Sign), Is.Unique);
    }

    [Test]
    public void Kernels_stand_beside_those_of_the_same_origin_from_the_oldest_version()
    {
        Assert.That(
            KernelLabel.Sort([
                "mine",
                "lab-6.12",
                "debian-6.12",
                "debian-5.10",
                "debian-6.1",
                "lab-5.10",
                "trixie-backports-6.18.3-1_bpo13_1",
                "debian-7.2",
                "debian-6.1",
                "debian-7.2-rc1",
            ]),
            Is.EqualTo([
                "debian-5.10",
                "debian-6.1",
                "debian-6.12",
                "debian-7.2-rc1",
                "debian-7.2",
                "lab-5.10",
                "lab-6.12",
                "trixie-backports-6.18.3-1_bpo13_1",
                "mine",
            ])
        );
    }

    [Test]
    public void Deflate_comes_first_and_pairs_that_were_not_run_have_no_cell()
    {
        var atlas = Draw(
            Case("a/1", "writer=debian-6.1 reader=debian-7.2 compressor=lz4"),
            Case("a/2", "writer=debian-6.1 reader=debian-7.2"),
            Case("a/3", "writer=debian-5.10 reader=debian-6.1"),
            Case("a/4", "kernel=lab-6.1") with
            {
                Backend = "efi",
            }
        );
        Assert.That(
            atlas.Maps.Select(map => $"{map.Backend} {map.Compressor}"),
            Is.EqualTo(["efi deflate", "erst deflate", "erst lz4"])
        );
        Assert.That(atlas.Maps[1].Writers, Is.EqualTo(["debian-5.10", "debian-6.1"]));
        Assert.That(atlas.Maps[1].Readers, Is.EqualTo(["debian-6.1", "debian-7.2"]));
        Assert.That(
            atlas.Maps[1].Cells.Select(cell => cell.Id),
            Is.EqualTo(["erst-deflate-debian-5.10-debian-6.1", "erst-deflate-debian-6.1-debian-7.2"])
        );
    }

    [Test]
    public void Anchors_differ_whatever_names_there_are()
    {
        var atlas = Draw(
            Case("a/1", "writer=a<b reader=c"),
            Case("a/2", "writer=a>b reader=c"),
            Case("a/3", "writer=a reader=b-c"),
            Case("a/4", "writer=a-b reader=c")
        );
        Assert.That(
            atlas.Maps.SelectMany(map => map.Cells).Select(cell => cell.Id),
            Is.Unique.And.All.Match(@"^[A-Za-z0-9._+-]+$")
        );
    }

    [Test]
    public void The_json_reads_as_approved()
    {
        var atlas = Draw(
            Case("a/1", "writer=debian-5.10 reader=debian-6.1"),
            Case("a/2", "writer=debian-6.1 reader=debian-6.1 compressor=lz4", Verdict.Known, Results.Hostile),
            Case("a/3", "restart=cold", Verdict.Unsupported, "was built without CONFIG_PSTORE")
        );
        Approved.Matches("atlas.json", AtlasJson.Text(atlas) + "\n");
    }

    [Test]
    public void An_atlas_of_600_cells_is_whole_and_of_a_size_that_can_be_sent()
    {
        CaseResult[] results =
        [
            .. from compressor in (string[])["deflate", "lz4", "zstd", "lzo", "none", "842"]
            from writer in Enumerable.Range(0, 10)
            from reader in Enumerable.Range(0, 10)
            select Case(
                $"upgrade/read/{compressor}-{writer}-{reader}",
                $"writer=debian-{writer}.1 reader=debian-{reader}.1 compressor={compressor}",
                Verdict.Failed,
                $"{new string('x', 300)} {writer}"
            ),
        ];
        var atlas = Draw(results);
        string html = AtlasHtml.Text(atlas);
        Assert.That(atlas.Maps.Sum(map => map.Cells.Count), Is.EqualTo(600));
        Assert.That(
            atlas
                .Maps.SelectMany(map => map.Cells)
                .Where(cell => !html.Contains($"<section class=\"cell\" id=\"{cell.Id}\">")),
            Is.Empty
        );
        Assert.That(html, Has.Length.LessThan(3_000_000));
        Assert.That(
            JsonDocument.Parse(AtlasJson.Text(atlas)).RootElement.GetProperty("cells").GetProperty("failed").GetInt32(),
            Is.EqualTo(600)
        );
    }

    [Test]
    public void Of_one_case_and_of_none_there_is_a_page_too()
    {
        Assert.That(AtlasHtml.Text(Draw(Case("a/1", "kernel=debian-6.1"))), Does.Contain("1 cell of 1 case: "));
        Assert.That(AtlasHtml.Text(Draw()), Does.Contain("0 cells of 0 cases: "));
    }

    private static AtlasContent Draw(params CaseResult[] results) =>
        AtlasBuilder.Draw(
            [new AtlasRun("out/monday", "./", results.Length, results.Length)],
            [
                .. results.Select(result => new AtlasEntry(
                    CellPlace.Of(result, plan: null),
                    new AtlasCase(
                        result.Case,
                        result.Verdict,
                        result.Reason,
                        result.Dimensions,
                        result.Kernels,
                        result.Accelerator,
                        result.Started,
                        result.Seconds,
                        result.Findings,
                        [],
                        [
                            new BootMessages(
                                new BootNumber(1),
                                "debian-6.1",
                                ["pstore: Registered erst as persistent store backend"],
                                0
                            ),
                        ],
                        "out/monday",
                        [new EvidenceFile("boot-1/console.log", $"{result.Folder}/boot-1/console.log")]
                    )
                )),
            ]
        );

    private static CaseResult Case(string id, string cell, Verdict verdict = Verdict.Passed, string reason = "") =>
        Results.Of(id, verdict, reason) with
        {
            Dimensions = cell.Split(' ').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
        };

    private static string Show(CellPlace? place) =>
        place is null ? "nowhere" : $"{place.Writer} → {place.Reader}, {place.Backend} {place.Compressor}";
}
