namespace PstoreLab.Records.Ftrace;

/// <summary>Where an ftrace record has the number of its CPU (include/linux/pstore.h, 4.10 to 7.2).</summary>
public enum FtraceCpu
{
    /// <summary>In the low byte of the timestamp; from kernels before 4.10 in a word of its own.</summary>
    OwnField,

    /// <summary>
    /// In the two lowest bits of the address: ARM with at most 4 CPUs (<c>PSTORE_CPU_IN_IP</c> of 3).
    /// </summary>
    TwoBitsOfAddress,

    /// <summary>In the lowest bit of the address: Thumb with at most 2 CPUs (<c>PSTORE_CPU_IN_IP</c> of 1).</summary>
    OneBitOfAddress,
}
