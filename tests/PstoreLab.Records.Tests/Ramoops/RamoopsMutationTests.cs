using PstoreLab.Records.Stores;
using PstoreLab.Records.Tests.Fuzzing;

namespace PstoreLab.Records.Tests.Ramoops;

public class RamoopsMutationTests
{
    private static readonly StoreOptions Given = Areas.Options(8192, 2048, 1024, 1024, 1024, 8, 2, "6.1.20");

    [Test]
    public void Damage_is_survived_whether_the_division_is_given_or_inferred()
    {
        var images = Images();
        var without = Given with
        {
            Parameters = new Dictionary<string, string>(Given.Parameters) { ["ramoops.ecc"] = "0" },
        };
        int round = 0;
        Mutations.Survive(
            images,
            100_000,
            image =>
            {
                Areas.Format.Recognises(image, image.Length);
                round++;
                Areas.Format.Decode(
                    image,
                    round % 20 == 0 ? StoreOptions.None
                        : round % 2 == 0 ? Given
                        : without
                );
            }
        );
    }

    [Test]
    public void Damage_is_survived_when_writing()
    {
        var images = Images();
        Mutations.Survive(
            images,
            5_000,
            image =>
            {
                Areas.Format.Write(image, Given, Areas.Dump("Panic#1 Part1\n"));
                Areas.Format.Write(image, Given, Areas.Of(RecordType.Ftrace, new byte[100], 1));
                Areas.Format.Write(image, Given, Areas.Of(RecordType.Console, new byte[2000]));
            }
        );
    }

    private static List<byte[]> Images()
    {
        var images = new List<byte[]>();
        foreach (int ecc in (int[])[0, 8])
        {
            var options = Given with
            {
                Parameters = new Dictionary<string, string>(Given.Parameters) { ["ramoops.ecc"] = $"{ecc}" },
            };
            byte[] image = Areas.Format.CreateEmpty(8192, options);
            Areas.Format.Write(image, options, Areas.Dump("Panic#1 Part1\n" + new string('a', 600), 0));
            Areas.Format.Write(image, options, Areas.Of(RecordType.Console, Areas.Bytes(new Random(1), 1500)));
            Areas.Format.Write(image, options, Areas.Of(RecordType.Pmsg, Areas.Bytes(new Random(2), 200)));
            Areas.Format.Write(image, options, Areas.Of(RecordType.Ftrace, Areas.Bytes(new Random(3), 96), 1));
            images.Add(image);
        }
        return images;
    }
}
