using PstoreLab.Harness.Scenarios;
using PstoreLab.Records.Compression;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Tests.Scenarios;

/// <summary>The step <c>damage</c>, crashes that a kernel survives, and what is expected of error correction.</summary>
public sealed class DamageStepTests
{
    private const string Start = "scenario: s\nsummary: x\nbackend: ramoops\n";
    private const string Before = Start + "steps:\n- boot: debian-6.1\n- crash: sysrq-c\n";
    private const string After = "- restart: cold\nexpect: { records: none }\n";

    private ScenarioBench _bench = null!;

    [SetUp]
    public void MakeABench() => _bench = new ScenarioBench();

    [TearDown]
    public void DeleteTheBench() => _bench.Dispose();

    public static IEnumerable<TestCaseData<string, Damage>> Kinds =>
        [
            Read("{ flip-bytes: 3 }", new FlipBytes(1, RegionKind.Data, null, 3, 1)),
            Read(
                "{ flip-bytes: 0, record: 2, in: parity, block: 4, seed: 9 }",
                new FlipBytes(2, RegionKind.Parity, 4, 0, 9)
            ),
            Read("{ flip-bits: 7, in: header-parity }", new FlipBits(1, RegionKind.HeaderParity, null, 7, 1)),
            Read("{ flip-bits: 7, block: 0, seed: 0 }", new FlipBits(1, RegionKind.Data, 0, 7, 0)),
            Read("{ poke: \"FFffff7f 00000000\" }", new Poke(1, RegionKind.Data, 0, "ffffff7f00000000")),
            Read("{ poke: 00, in: map, at: 7, record: 3 }", new Poke(3, RegionKind.Map, 7, "00")),
            Read("{ zero: header }", new Zero(1, RegionKind.Header)),
            Read("wrong-magic", new WrongMagic(1)),
            Read("{ wrong-magic: , record: 2 }", new WrongMagic(2)),
            Read("{ truncate: 0 }", new Truncate(1, 0)),
            Read("{ swap: 2 }", new Swap(1, 2)),
            Read("{ swap: 1, record: 3 }", new Swap(3, 1)),
            Read("{ replace: \"Panic#1 Part1\\nx\\n\" }", new Replace(1, "Panic#1 Part1\nx\n")),
            Read("{ recompress: zstd }", new Recompress(1, CompressionMethod.Zstd, 15)),
            Read("{ recompress: 842 }", new Recompress(1, CompressionMethod.Sw842, 15)),
            Read("{ recompress: deflate, window: 11 }", new Recompress(1, CompressionMethod.Deflate, 11)),
            Read("{ recompress: none }", new Recompress(1, CompressionMethod.None, 15)),
            Read("{ mark-compressed: \"yes\" }", new MarkCompressed(1, true)),
            Read("{ mark-compressed: \"no\", record: 2 }", new MarkCompressed(2, false)),
            Read("{ fill: 4K }", new Fill(4096)),
        ];

    [TestCaseSource(nameof(Kinds))]
    public void A_damage_is_read(string yaml, Damage expected)
    {
        var step = (DamageStep)
            Load($"{Before}- damage: {(yaml.StartsWith('{') ? yaml : $"{{ {yaml}: }}")}\n{After}").Steps[2];
        Assert.That((step.Damage, step.Source.Line), Is.EqualTo((expected, 7)));
    }

    [Test]
    public void Every_kind_of_damage_is_among_those_that_are_read() =>
        Assert.That(
            Kinds.Select(kind => kind.Arguments[1]!.GetType()).Distinct(),
            Is.EquivalentTo(typeof(Damage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Damage))))
        );

    [Test]
    public void A_damage_may_use_a_dimension()
    {
        _bench.Write(
            "family/s.yaml",
            $"{Start}matrix: {{ count: [1, 9] }}\nsteps:\n- boot: debian-6.1\n- crash: sysrq-c\n- damage: "
                + $"{{ flip-bytes: \"${{count}}\" }}\n{After}"
        );
        Assert.That(
            _bench.Load("family/s").Select(@case => ((FlipBytes)((DamageStep)@case.Steps[2]).Damage).Count),
            Is.EqualTo([1, 9])
        );
    }

    [TestCase(
        "{ zero: data, in: data }",
        "7:11: found 'in' where it means nothing, expected it with flip-bytes, flip-bits or poke"
    )]
    [TestCase(
        "{ poke: 00, block: 1 }",
        "7:11: found 'block' where it means nothing, expected it with flip-bytes or flip-bits"
    )]
    [TestCase(
        "{ swap: 2, seed: 1 }",
        "7:11: found 'seed' where it means nothing, expected it with flip-bytes or flip-bits"
    )]
    [TestCase("{ flip-bits: 2, at: 1 }", "7:11: found 'at' where it means nothing, expected it with poke")]
    [TestCase(
        "{ truncate: 2, window: 11 }",
        "7:11: found 'window' where it means nothing, expected it with recompress"
    )]
    [TestCase(
        "{ fill: 4K, record: 1 }",
        "7:11: found 'record' where it means nothing, expected it with any damage but fill"
    )]
    [TestCase(
        "{ flip-bytes: 2, block: 1, in: header }",
        "7:11: found 'block' with a region that has none, expected in: data or in: parity"
    )]
    [TestCase(
        "{ flip-bits: 2, block: 1, in: map }",
        "7:11: found 'block' with a region that has none, expected in: data or in: parity"
    )]
    [TestCase(
        "{ poke: 123 }",
        "7:19: found '123', expected bytes in hexadecimal for 'poke', such as \"ffffff7f 00000000\""
    )]
    [TestCase(
        "{ poke: 0g }",
        "7:19: found '0g', expected bytes in hexadecimal for 'poke', such as \"ffffff7f 00000000\""
    )]
    [TestCase(
        "{ recompress: unknown }",
        "7:11: found 'unknown', expected none, deflate, lzo, lz4, zstd, 842 or zlib for 'recompress'"
    )]
    [TestCase("{ zero: body }", "7:19: unknown zero 'body', expected one of header, data, parity, header-parity, map")]
    [TestCase(
        "{ flip-bytes: 1, in: headr }",
        "7:32: unknown in 'headr', expected one of header, data, parity, header-parity, map; did you mean 'header'?"
    )]
    [TestCase("{ flip-bytes: 65537 }", "7:25: found '65537', expected a number from 0 to 65536 for 'flip-bytes'")]
    [TestCase("{ flip-bytes: -1 }", "7:25: found '-1', expected a number from 0 to 65536 for 'flip-bytes'")]
    [TestCase("{ flip-bytes: 1, record: 0 }", "7:36: found '0', expected a number from 1 to 1000 for 'record'")]
    [TestCase("{ recompress: deflate, window: 8 }", "7:42: found '8', expected a number from 9 to 15 for 'window'")]
    [TestCase("{ swap: 0 }", "7:19: found '0', expected a number from 1 to 1000 for 'swap'")]
    [TestCase("{ fill: 0 }", "7:19: found '0', expected a size from 1 to 1024M for 'fill'")]
    [TestCase(
        "{ flip-bytes: 1, zero: data }",
        "7:11: found flip-bytes and zero, expected exactly one of flip-bytes, flip-bits, poke, zero, "
            + "wrong-magic, truncate, swap, replace, recompress, mark-compressed, fill"
    )]
    [TestCase(
        "{ record: 1 }",
        "7:11: found none, expected exactly one of flip-bytes, flip-bits, poke, zero, wrong-magic, "
            + "truncate, swap, replace, recompress, mark-compressed, fill"
    )]
    [TestCase("{ flip-byte: 1 }", "7:13: unknown key 'flip-byte', expected one of ")]
    [TestCase("{ mark-compressed: maybe }", "7:30: unknown mark-compressed 'maybe', expected one of yes, no")]
    public void A_wrong_damage_is_refused_with_its_place(string yaml, string message) =>
        Assert.That(FailureOf($"{Before}- damage: {yaml}\n{After}"), Does.StartWith($"family/s.yaml:{message}"));

    [Test]
    public void A_warm_restart_after_damage_is_refused() =>
        Assert.That(
            FailureOf($"{Before}- damage: {{ zero: data }}\n- restart: warm\nexpect: {{ records: none }}\n"),
            Is.EqualTo(
                "family/s.yaml:8:3: found a warm restart after damage to the store, expected restart: "
                    + "cold; a warm one would not wait for the damage"
            )
        );

    [TestCase("- expect: { records: none }")]
    [TestCase("- crash: sysrq-c")]
    [TestCase("- erase: all")]
    [TestCase("- power-cut:")]
    public void A_step_after_damage_without_a_restart_is_refused(string step)
    {
        Assert.That(
            FailureOf($"{Start}steps:\n- boot: debian-6.1\n- damage: {{ fill: 4K }}\n{step}\n{After}"),
            Is.EqualTo("family/s.yaml:7:3: found a step after the damage on line 6, expected restart before it")
        );
        Assert.That(
            FailureOf($"{Before}- damage: {{ fill: 4K }}\n{step}\n{After}"),
            Is.EqualTo("family/s.yaml:8:3: found a step after the crash on line 6, expected restart before it")
        );
    }

    [Test]
    public void Damage_may_follow_damage_and_a_warm_restart_may_follow_the_cold_one() =>
        Assert.That(
            Load(
                $"{Before}- damage: {{ fill: 4K }}\n- damage: {{ zero: data }}\n- restart: cold\n- crash: "
                    + $"nmi\n- restart: warm\nexpect: {{ records: none }}\n"
            )
                .Steps.OfType<DamageStep>()
                .Count(),
            Is.EqualTo(2)
        );

    [Test]
    public void A_kernel_goes_on_after_an_oops()
    {
        var @case = Load(
            $"{Start}steps:\n- boot: debian-6.1\n- crash: oops\n- expect: {{ records: none }}\n- crash: "
                + $"sysrq-c\n- restart: warm\nexpect:\n  records: [ {{ type: dmesg, reason: Oops, crash: 1 }}, {{ "
                + $"type: dmesg, crash: 2 }} ]\n"
        );
        Assert.That(
            @case.Steps.OfType<CrashStep>().Select(crash => (crash.Trigger, crash.Survived)),
            Is.EqualTo([("oops", true), ("sysrq-c", false)])
        );
        Assert.That(
            FailureOf($"{Before}- crash: oops\n{After}"),
            Is.EqualTo("family/s.yaml:7:3: found a step after the crash on line 6, expected restart before it")
        );
    }

    [TestCase("ecc: 5", 5, 0)]
    [TestCase("ecc: { corrected: 3, lost: 2 }", 3, 2)]
    [TestCase("ecc: { lost: 1 }", 0, 1)]
    public void What_error_correction_must_say_is_read(string yaml, int corrected, int lost) =>
        Assert.That(
            ((ExpectStep)Load($"{Before}- restart: cold\nexpect: {{ records: {{ type: dmesg, {yaml} }} }}\n").Steps[^1])
                .Expectation.Records!.Single()
                .Ecc,
            Is.EqualTo(new EccExpectation(corrected, lost))
        );

    [Test]
    public void A_number_that_error_correction_cannot_say_is_refused() =>
        Assert.That(
            FailureOf($"{Before}- restart: cold\nexpect: {{ records: {{ type: dmesg, ecc: {{ lost: -1 }} }} }}\n"),
            Does.StartWith("family/s.yaml:8:48: found '-1', expected a number from 0 to")
        );

    private Case Load(string yaml) => _bench.Load(_bench.Write("family/s.yaml", yaml)).Single();

    private string FailureOf(string yaml) => _bench.FailureOf(_bench.Write("family/s.yaml", yaml));

    private static TestCaseData<string, Damage> Read(string yaml, Damage damage) =>
        new TestCaseData<string, Damage>(yaml, damage).SetArgDisplayNames(yaml);
}
