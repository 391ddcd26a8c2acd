namespace PstoreLab.Harness.Machines;

/// <summary>What some machines have and others do not.</summary>
public enum MachineFeature
{
    /// <summary>An ACPI error record store (ERST).</summary>
    ErrorRecordStore,

    /// <summary>UEFI firmware whose variables outlive QEMU.</summary>
    EfiVariables,

    /// <summary>A non-maskable interrupt that QEMU's monitor can raise.</summary>
    NonMaskableInterrupt,

    /// <summary>A machine check that QEMU's monitor can raise.</summary>
    MachineCheck,

    /// <summary>A kernel parameter that keeps a range of memory out of the kernel's hands.</summary>
    ReservedRange,
}
