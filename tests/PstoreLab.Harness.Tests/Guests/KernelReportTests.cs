using PstoreLab.Harness.Guests;
using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Tests.Guests;

/// <summary>What belongs to a kernel's report of its trouble, and whether pstore stands in it.</summary>
public class KernelReportTests
{
    [TestCase("[    1.0] RIP: 0010:pstore_get_backend_records+0xb4/0x2d0", true)]
    [TestCase("[    1.0]  ramoops_pstore_read+0x1a/0x200 [ramoops]", true)]
    [TestCase("[    1.0]  init_module+0x4/0x1000 [ramoops]", true, Description = "by its module")]
    [TestCase("[    1.0]  __erst_read+0x99/0x1b0", true)]
    [TestCase("[    1.0]  efi_pstore_write+0x11d/0x160 [efi_pstore]", true)]
    [TestCase("[    1.0]  psz_kmsg_read+0x33/0x120 [pstore_zone]", true)]
    [TestCase("[    1.0] BUG: KASAN: slab-out-of-bounds in persistent_ram_ecc_old+0x1a/0x90", true)]
    [TestCase("[    1.0]  ? pstore_dump+0x1a/0x200", false, Description = "left on the stack by an older call")]
    [TestCase(
        "[    1.0]  init_module+0x4/0x1000 [pstorelab_oops]",
        false,
        Description = "the module of the oops crash"
    )]
    [TestCase("[    1.0]  sysrq_handle_crash+0x16/0x20", false)]
    [TestCase("[    1.0] Modules linked in: ramoops reed_solomon pstore_blk pstore_zone", false)]
    [TestCase("[    1.0] pstore: Registered ramoops as persistent store backend", false)]
    [TestCase("[    1.0]  mark_pstore_used+0x16/0x20", false)]
    public void Frames_of_pstore_are_told_from_others(string line, bool expected) =>
        Assert.That(
            KernelReport.IsInPstore(["[    1.0] BUG: unable to handle page fault", line]),
            Is.EqualTo(expected)
        );

    [Test]
    public void It_begins_with_the_first_line_of_trouble_and_has_all_behind_it()
    {
        var report = new KernelReport(MachineCatalogue.Default.Architecture);
        report.Take("[    1.0] Run /init as init process", expected: false);
        Assert.That((report.Begun.IsCompleted, report.Lines.Count), Is.EqualTo((false, 0)));
        report.Take("[    2.0] kernel BUG at mm/slub.c:379!", expected: false);
        report.Take("[    2.0] Call Trace:", expected: false);
        Assert.That((report.Begun.IsCompleted, report.Ended.IsCompleted), Is.EqualTo((true, false)));
        report.Take("[    2.0] ---[ end trace 0000000000000000 ]---", expected: false);
        Assert.That(report.Ended.IsCompleted);
        Assert.That(
            report.Lines,
            Is.EqualTo([
                "[    2.0] kernel BUG at mm/slub.c:379!",
                "[    2.0] Call Trace:",
                "[    2.0] ---[ end trace 0000000000000000 ]---",
            ])
        );
    }

    [Test]
    public void Trouble_that_a_step_asked_for_is_none()
    {
        var report = new KernelReport(MachineCatalogue.Default.Architecture);
        report.Take("[    1.0] Oops: 0000 [#1] PREEMPT SMP", expected: true);
        report.Take("[    1.0] ---[ end trace 0000000000000000 ]---", expected: true);
        Assert.That((report.Begun.IsCompleted, report.Ended.IsCompleted), Is.EqualTo((false, false)));
        report.Take("[    2.0] Oops: 0000 [#2] PREEMPT SMP", expected: false);
        Assert.That(report.Lines, Is.EqualTo(["[    2.0] Oops: 0000 [#2] PREEMPT SMP"]));
    }
}
