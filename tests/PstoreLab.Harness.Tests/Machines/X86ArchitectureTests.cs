using PstoreLab.Harness.Machines;

namespace PstoreLab.Harness.Tests.Machines;

public class X86ArchitectureTests
{
    // As QEMU 7.2 prints them: idle processors are halted, too, and wait for an interrupt.
    private const string Off = "RIP=ffffffff81 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n";
    private const string Idle = "RIP=ffffffff81 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n";
    private const string Busy = "RIP=ffffffff81 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0\r\n";

    [TestCase(Off, true)]
    [TestCase("\r\nCPU#0\r\n" + Off + "CPU#1\r\n" + Off, true)]
    [TestCase("EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\n", true)]
    [TestCase(Idle, false)]
    [TestCase(Busy, false)]
    [TestCase(Off + Idle, false)]
    [TestCase(Busy + Off, false)]
    [TestCase("", false)]
    public void A_machine_stands_still_when_all_its_processors_are_halted_with_interrupts_off(
        string registers,
        bool still
    ) => Assert.That(new X86Architecture().AreHalted(registers), Is.EqualTo(still));
}
