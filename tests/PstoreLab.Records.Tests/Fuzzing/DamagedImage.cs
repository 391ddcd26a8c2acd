namespace PstoreLab.Records.Tests.Fuzzing;

/// <summary>Damages images at random, each reproducible from its seed.</summary>
internal static class DamagedImage
{
    /// <summary>One damaged copy: the same for the same seed and images.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> images, int seed)
    {
        var random = new Random(seed);
        byte[] image = [.. images[random.Next(images.Count)]];
        for (int changes = 1 + random.Next(4); changes > 0 && image.Length > 0; changes--)
        {
            int at = random.Next(image.Length);
            int length = Math.Min(image.Length - at, 1 << random.Next(10));
            switch (random.Next(7))
            {
                case 0:
                    image[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(image.AsSpan(at, length));
                    break;
                case 2:
                    image.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xff);
                    break;
                case 3:
                    // A word of the kind that lengths and offsets break on.
                    at &= ~3;
                    uint[] words =
                    [
                        0,
                        1,
                        11,
                        12,
                        0x7fffffff,
                        0x80000000,
                        0xffffffff,
                        (uint)image.Length,
                        (uint)image.Length - 1,
                        0x43474244,
                    ];
                    if (at + 4 <= image.Length)
                        BitConverter.TryWriteBytes(image.AsSpan(at), words[random.Next(words.Length)]);
                    break;
                case 4:
                    image = image[..at];
                    break;
                case 5:
                    byte[] other = images[random.Next(images.Count)];
                    int from = random.Next(other.Length);
                    other
                        .AsSpan(from, Math.Min(length, other.Length - from))
                        .CopyTo(image.AsSpan(at, Math.Min(length, other.Length - from)));
                    break;
                default:
                    // What came later moves down, as after a write that was cut short.
                    image.AsSpan(at + length).CopyTo(image.AsSpan(at));
                    break;
            }
        }

        return image;
    }
}
