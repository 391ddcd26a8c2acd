using PstoreLab.Harness.Damages;
using PstoreLab.Records.Stores;

namespace PstoreLab.Harness.Oracle.Exhibits;

/// <summary>The store at one moment of the case, decoded as the kernel of that boot divides it.</summary>
/// <param name="Moment">When: such as <c>as boot 1 left it</c>.</param>
/// <param name="File">Relative to the case folder.</param>
/// <param name="Store">Null where it cannot be decoded.</param>
/// <param name="Fault">Why it cannot be decoded; null where it can.</param>
/// <param name="Damage">What was damaged on purpose right before.</param>
/// <param name="IsSame">Whether it is byte for byte the one of the moment before.</param>
public sealed record StoreExhibit(
    string Moment,
    string File,
    DecodedStore? Store,
    string? Fault,
    IReadOnlyList<DamageLog> Damage,
    bool IsSame
);
