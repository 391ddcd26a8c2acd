namespace PstoreLab.Harness.Plans;

/// <summary>Whose fault it is when a step fails because of its guest.</summary>
public enum Blame
{
    /// <summary>
    /// Ours: QEMU, the host, an image, or a kernel that nothing of pstore has reached yet. Verdict <c>infra</c>.
    /// </summary>
    Ours,

    /// <summary>
    /// The product's: a kernel under test that refuses, dies or hangs where a backend or a store with records is.
    /// Verdict <c>failed</c>.
    /// </summary>
    Product,
}
