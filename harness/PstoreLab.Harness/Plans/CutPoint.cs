namespace PstoreLab.Harness.Plans;

/// <summary>
/// A point while a record is being written: behind so many more lines of the console, or so long after the store begins
/// to change.
/// </summary>
/// <param name="Lines">More lines of the console; null for a point that is counted from the store's first
/// change.</param>
/// <param name="Microseconds">How long after that.</param>
public sealed record CutPoint(int? Lines, int Microseconds)
{
    // A panic's account is some thirty lines long.
    private const int MostLines = 30;

    // Memory takes a record in less than one of these, EFI variables take hundreds: drawn evenly over the orders of
    // magnitude.
    private static readonly int[] Scales = [30, 300, 3_000, 30_000, 300_000];

    /// <summary>The same point for the same numbers, everywhere.</summary>
    /// <param name="seed">Of the scenario.</param>
    /// <param name="number">Of the power cut in the case.</param>
    public static CutPoint Draw(int seed, int number)
    {
        // splitmix64: System.Random promises its sequence for no later version.
        ulong state = ((ulong)(uint)seed << 32) + (uint)number;
        return Next(4) == 0 ? new CutPoint(Next(MostLines), 0) : new CutPoint(null, Next(Scales[Next(Scales.Length)]));

        int Next(int below)
        {
            ulong z = state += 0x9e3779b97f4a7c15;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
            z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
            return (int)((z ^ (z >> 31)) % (ulong)below);
        }
    }

    public override string ToString() =>
        Lines is { } lines ? $"{lines} more lines" : $"{Microseconds} µs after the store begins to change";
}
