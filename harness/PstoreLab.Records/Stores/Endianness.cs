namespace PstoreLab.Records.Stores;

/// <summary>Byte order of the machine that wrote a store.</summary>
public enum Endianness
{
    /// <summary>The least significant byte first, as on x86, and on most ARM and RISC-V machines.</summary>
    Little,

    /// <summary>The most significant byte first, as on many MIPS and PowerPC boards.</summary>
    Big,
}
