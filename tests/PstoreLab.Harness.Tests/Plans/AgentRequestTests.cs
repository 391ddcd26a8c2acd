using PstoreLab.Harness.Evidence;
using PstoreLab.Harness.Plans;
using PstoreLab.Harness.Plans.Steps;

namespace PstoreLab.Harness.Tests.Plans;

public class AgentRequestTests
{
    private static readonly AgentRequest Up = new AgentRequest.BringUp(
        [new("reed_solomon", []), new("ramoops", ["mem_size=0x1000", "ecc=1"])],
        "kmsg_bytes=1"
    );

    [Test]
    public void Modules_and_the_mount_go_in_one_request() =>
        Assert.That(Up.Words, Is.EqualTo("up load reed_solomon load ramoops mem_size=0x1000 ecc=1 mount kmsg_bytes=1"));

    [TestCase("insmod: can't insert\n2", "load ramoops mem_size=0x1000 ecc=1", "insmod: can't insert")]
    [TestCase("mount: no such device\n3", "mount kmsg_bytes=1", "mount: no such device")]
    [TestCase("1", "load reed_solomon", "")]
    [TestCase("insmod: 4\n4", null, "insmod: 4\n4", Description = "there are three")]
    [TestCase("no such verb: up", null, "no such verb: up")]
    [TestCase("", null, "")]
    public void The_part_of_a_request_that_failed_is_named(string said, string? part, string reason) =>
        Assert.That(Up.Failure(said), Is.EqualTo((part ?? Up.Words, reason)));

    [Test]
    public void What_failed_of_a_request_without_parts_is_the_request() =>
        Assert.That(
            new AgentRequest.Mount(null).Failure("mount: no such device\n1"),
            Is.EqualTo(("mount", "mount: no such device\n1"))
        );

    // As plans were written before a boot's modules and mount were one request.
    [TestCase("""{ "$type": "ask", "request": { "$type": "load", "module": "ramoops", "parameters": ["ecc=1"] } }""")]
    [TestCase("""{ "$type": "note-backend", "request": { "$type": "mount", "options": null } }""")]
    [TestCase(
        """
            { "$type": "note-backend", "request": { "$type": "bring-up",
              "loads": [{ "module": "ramoops", "parameters": ["ecc=1"] }], "options": null } }
            """
    )]
    public void A_step_of_a_plan_is_read_as_it_was_written(string written)
    {
        var step = EvidenceJson.Parse<PlanStep>(written);
        string words = step is Ask ask ? ask.Request.Words : ((NoteBackend)step).Request.Words;
        Assert.That(words, Is.AnyOf("load ramoops ecc=1", "mount", "up load ramoops ecc=1 mount"));
    }
}
