namespace PstoreLab.Harness.Plans;

/// <summary>The states of the crash cycle.</summary>
public enum CycleState
{
    /// <summary>A checkpoint that stands for the boot is looked for, and taken first where there is none.</summary>
    Restoring,

    /// <summary>QEMU runs, the agent has not spoken yet.</summary>
    Booting,

    /// <summary>The agent answers.</summary>
    Ready,

    /// <summary>The marker lines of a crash are in the kernel log.</summary>
    Armed,

    /// <summary>The crash was set off.</summary>
    Crashing,

    /// <summary>A kernel has died, and the agent of its capture kernel (crash kernel) answers.</summary>
    Dumping,

    /// <summary>The guest has reset, or has survived: all that will be in the store is in it.</summary>
    Committed,

    /// <summary>A healthy guest was asked to reset, or its QEMU to end.</summary>
    Restarting,

    /// <summary>No guest runs.</summary>
    Off,
}
