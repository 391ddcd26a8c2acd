using PstoreLab.Harness.Images;

namespace PstoreLab.Harness.Crashes;

/// <summary>A way to make the kernel die. A new way is a new file that implements this, and a line in <see cref="CrashCatalogue"/>.</summary>
public interface ICrash
{
    /// <summary>Its name in scenarios.</summary>
    string Name { get; }

    /// <summary>One line for <c>pstorelab list --crashes</c>.</summary>
    string Summary { get; }

    /// <summary>The agent's verb and arguments that set it off; null when nothing happens.</summary>
    string? Request { get; }

    /// <summary>A text the console shows once the kernel is dying; tells a guest that did not crash from one that did not finish crashing.</summary>
    string? Sign { get; }

    /// <summary>Whether the kernel goes on after it: the guest is then restarted in its right mind, or crashed again.</summary>
    bool Survived => false;

    /// <summary>What a kernel lacks for it, ending the sentence "debian-6.1 has no"; null when it can die this way.</summary>
    string? LackOf(Kernel kernel) => null;
}
