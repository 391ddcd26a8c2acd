using PstoreLab.Records.Ramoops;

namespace PstoreLab.Records.Tests.Ramoops;

/// <summary>
/// Against arithmetic done another way, bit by bit, and against codewords that the kernel itself wrote.
/// </summary>
public class ReedSolomonTests
{
    // The header of the first zone of a guest's ramoops with ecc=1 (Debian 6.1), and the parity that its kernel put at
    // the zone's end.
    private static readonly byte[] KernelHeader = Convert.FromHexString("444247431b2800001b280000");

    [Test]
    public void Every_codeword_vanishes_at_every_root([Values(1, 2, 7, 16, 32, 127, 200)] int paritySize)
    {
        var random = new Random(paritySize);
        var code = ReedSolomon.WithParity(paritySize);
        for (int round = 0; round < 20; round++)
        {
            byte[] data = Bytes(random, 1 + random.Next(code.MaxBlockLength));
            byte[] parity = new byte[paritySize];
            code.Encode(data, parity);
            byte[] word = [.. data, .. parity];
            for (int root = 0; root < paritySize; root++)
                Assert.That(SlowEvaluate(word, SlowPower(root)), Is.Zero, $"root {root}");
            word[random.Next(word.Length)] ^= 1;
            Assert.That(SlowEvaluate(word, SlowPower(0)), Is.Not.Zero, "a damaged word must not vanish");
        }
    }

    [Test]
    public void Every_pattern_up_to_half_the_parity_is_corrected_and_counted([Values(2, 5, 16, 33)] int paritySize)
    {
        var random = new Random(paritySize);
        var code = ReedSolomon.WithParity(paritySize);
        for (int round = 0; round < 1000; round++)
        {
            int length = round % 3 == 0 ? 12 : 1 + random.Next(128);
            byte[] data = Bytes(random, length);
            byte[] parity = new byte[paritySize];
            code.Encode(data, parity);
            int errors = random.Next(Math.Min(code.Correctable, length + paritySize) + 1);
            byte[] word = [.. data, .. parity];
            Damage(random, word, errors);
            byte[] damagedData = word[..length],
                damagedParity = word[length..];
            Assert.That(code.Decode(damagedData, damagedParity), Is.EqualTo(errors));
            Assert.That(damagedData, Is.EqualTo(data));
            Assert.That(damagedParity, Is.EqualTo(parity));
        }
    }

    [Test]
    public void Beyond_it_the_original_is_never_claimed()
    {
        var random = new Random(3);
        var code = ReedSolomon.WithParity(16);
        int lost = 0;
        for (int round = 0; round < 2000; round++)
        {
            byte[] data = Bytes(random, 128);
            byte[] parity = new byte[16];
            code.Encode(data, parity);
            byte[] word = [.. data, .. parity];
            Damage(random, word, 9 + random.Next(60));
            byte[] damagedData = word[..128],
                damagedParity = word[128..];
            int? count = code.Decode(damagedData, damagedParity);
            if (count is null)
            {
                lost++;
                Assert.That(damagedData, Is.EqualTo(word[..128]), "what is beyond repair stays as it is");
                continue;
            }
            // Another codeword, so it must be one, and as far away as it says.
            Assert.That(damagedData, Is.Not.EqualTo(data));
            byte[] other = [.. damagedData, .. damagedParity];
            Assert.That(other.Zip(word).Count(pair => pair.First != pair.Second), Is.EqualTo(count));
            Assert.That(SlowEvaluate(other, SlowPower(5)), Is.Zero);
        }
        Assert.That(lost, Is.GreaterThan(1950));
    }

    // From lib/reed_solomon/decode_rs.c of 6.12 itself, compiled and fed at random: 280,000 words agreed. Among them
    // are answers that the code does not owe: damage beyond half the parity that became another codeword.
    [TestCase("d12a5238d65edb7d682715fb", "3e", 1, "d12a5238d65edb5d682715fb", "3e")]
    [TestCase("0f5c86dfbbdb3a5f7f1fdfaa", "f8ef61", 2, "0f5c86dfbbdb3a2f7f03dfaa", "f8ef61")]
    [TestCase("f6421a47a39db49a73da8cae", "270f775132", 3, "f6422547a39db49a73d88cae", "277c775132")]
    [TestCase(
        "4a67c2a835b32dc019cb90bd",
        "9c5676b05ac099ae53b0d3c38362b755",
        8,
        "4a67c2a8e4b32dc0194d90e6",
        "0456763c5ac099ae53b0551583a8b755"
    )]
    [TestCase("66b23d5a84fc2f48c166d69a", "b75a0a7a28", null, "66b23d5a84fc2f48c166d69a", "b75a0a7a28")]
    public void It_answers_as_the_kernel_does(
        string data,
        string parity,
        int? count,
        string correctedData,
        string correctedParity
    )
    {
        byte[] word = Convert.FromHexString(data),
            check = Convert.FromHexString(parity);
        Assert.That(ReedSolomon.WithParity(check.Length).Decode(word, check), Is.EqualTo(count));
        Assert.That(Convert.ToHexStringLower(word), Is.EqualTo(correctedData));
        Assert.That(Convert.ToHexStringLower(check), Is.EqualTo(correctedParity));
    }

    [Test]
    public void It_writes_the_parity_that_a_kernel_wrote()
    {
        byte[] parity = new byte[16];
        ReedSolomon.WithParity(16).Encode(KernelHeader, parity);
        Assert.That(Convert.ToHexStringLower(parity), Is.EqualTo("6b0b8d15a0d475c51730afb7549d0ec6"));
    }

    [Test]
    public void A_header_without_parity_is_corrected_to_nothing_as_in_the_kernel()
    {
        // What a kernel with ecc=1 makes of the zone of one without: a header of few bytes that are not zero, before
        // zeros, is nearest to the codeword of zeros. The record is gone.
        var code = ReedSolomon.WithParity(16);
        byte[] header = [.. KernelHeader];
        Assert.That(code.Decode(header, new byte[16]), Is.EqualTo(8));
        Assert.That(header, Is.All.Zero);
    }

    [Test]
    public void Lengths_that_no_block_has_are_refused()
    {
        var code = ReedSolomon.WithParity(16);
        Assert.That(() => code.Encode(new byte[240], new byte[16]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => code.Encode([], new byte[16]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => code.Decode(new byte[128], new byte[15]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ReedSolomon.WithParity(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ReedSolomon.WithParity(255), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void Damage(Random random, byte[] word, int errors)
    {
        int[] places = [.. Enumerable.Range(0, word.Length)];
        random.Shuffle(places);
        foreach (int place in places.Take(errors))
            word[place] ^= (byte)(1 + random.Next(255));
    }

    private static byte SlowEvaluate(byte[] word, byte at)
    {
        byte sum = 0;
        foreach (byte value in word)
            sum = (byte)(SlowMultiply(sum, at) ^ value);
        return sum;
    }

    private static byte SlowPower(int exponent)
    {
        byte value = 1;
        for (int i = 0; i < exponent; i++)
            value = SlowMultiply(value, 2);
        return value;
    }

    // Schoolbook: polynomials over GF(2), then the remainder by x^8 + x^4 + x^3 + x^2 + 1.
    private static byte SlowMultiply(byte left, byte right)
    {
        int product = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            if ((right >> bit & 1) != 0)
                product ^= left << bit;
        }
        for (int bit = 14; bit >= 8; bit--)
        {
            if ((product >> bit & 1) != 0)
                product ^= 0x11d << (bit - 8);
        }
        return (byte)product;
    }
}
