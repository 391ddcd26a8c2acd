namespace PstoreLab.Harness.Comparison;

/// <summary>
/// How likely it is that a difference is none. Both tests make no assumption about how seconds are distributed.
/// </summary>
internal static class Chance
{
    /// <summary>What may be called a shift by mistake, over all that one comparison reports.</summary>
    public const double Accepted = 0.05;

    /// <summary>
    /// The chance that all values of one side lie beyond all of the other when both come from the same source: 2 of the
    /// ways to choose which of all the values are A's.
    /// </summary>
    public static double OfSeparation(int a, int b)
    {
        double ways = 1;
        for (int i = 1; i <= b; i++)
            ways *= (double)(a + i) / i;
        return Math.Min(1, 2 / ways);
    }

    /// <summary>
    /// The chance of so uneven a split of pairs into slower and faster ones, or a more uneven one (two-sided sign
    /// test).
    /// </summary>
    public static double OfSplit(int slower, int faster)
    {
        int n = slower + faster;
        int fewer = Math.Min(slower, faster);
        // A logarithm, because from 1,075 pairs on the chance of a single split is below what a double can hold.
        double largest = n * Math.Log(0.5);
        for (int i = 0; i < fewer; i++)
            largest += Math.Log((double)(n - i) / (i + 1));
        // The more uneven splits, as fractions of the largest term.
        double term = 1;
        double sum = term;
        for (int i = fewer; i > 0; i--)
        {
            term *= (double)i / (n - i + 1);
            sum += term;
        }

        return Math.Min(1, 2 * Math.Exp(largest) * sum);
    }

    /// <summary>
    /// Repetitions a side that it takes before a single case can say anything among so many comparisons.
    /// </summary>
    public static int RepetitionsFor(int comparisons)
    {
        int n = 2;
        while (OfSeparation(n, n) > Accepted / Math.Max(1, comparisons))
            n++;
        return n;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
