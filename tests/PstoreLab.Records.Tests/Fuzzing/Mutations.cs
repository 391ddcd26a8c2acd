namespace PstoreLab.Records.Tests.Fuzzing;

/// <summary>Damages images at random, each reproducible from its seed, and holds decoders to their promise.</summary>
internal static class Mutations
{
    /// <summary>
    /// Decodes <paramref name="count"/> damaged copies of <paramref name="images"/>; any exception but a
    /// <see cref="RecordFormatException"/> fails the test and names the seed.
    /// </summary>
    /// <param name="decode">Decodes an image; what it gives is thrown away.</param>
    /// <param name="firstSeed">The seeds are this and those after it.</param>
    public static void Survive(IReadOnlyList<byte[]> images, int count, Action<byte[]> decode, int firstSeed = 1)
    {
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            try
            {
                decode(DamagedImage.Of(images, seed));
            }
            catch (RecordFormatException)
            {
                // The one answer that damage may have.
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {seed}: {fault}");
            }
        }
    }
}
