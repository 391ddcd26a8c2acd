using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Runs;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Runs;

/// <summary>Where a program looks for what it needs, and where it writes.</summary>
public sealed class CheckoutTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void MakeAFolder() => _scratch = new ScratchFolder();

    [TearDown]
    public void DeleteIt() => _scratch.Dispose();

    [Test]
    public void In_a_checkout_all_is_in_the_checkout()
    {
        string root = Data("checkout");
        var paths = Find("checkout/bin");
        Assert.That(
            (paths.Root, paths.Scenarios, paths.Cache, paths.Out),
            Is.EqualTo((root, $"{root}/scenarios", $"{root}/images/.cache", $"{root}/out"))
        );
    }

    [Test]
    public void Installed_nothing_is_written_beside_the_program()
    {
        string data = Data("usr/share/pstorelab");
        var paths = Find("usr/lib/pstorelab", ("XDG_CACHE_HOME", "/var/tmp/caches"));
        Assert.That(
            (paths.Root, paths.Scenarios, paths.Images),
            Is.EqualTo((data, $"{data}/scenarios", $"{data}/images"))
        );
        Assert.That(paths.Cache, Is.EqualTo("/var/tmp/caches/pstorelab"));
        Assert.That(paths.Out, Is.EqualTo(Path.Combine(Directory.GetCurrentDirectory(), "out")));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("not/absolute")]
    public void Without_a_folder_for_caches_it_is_the_home_folders(string? given) =>
        Assert.That(
            FindInstalled(given).Cache,
            Is.EqualTo(
                Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "pstorelab")
            )
        );

    [Test]
    public void A_tool_has_its_files_beside_it_also_where_that_is_in_a_checkout()
    {
        Data("checkout");
        string data = Data("checkout/tools/any/data");
        Assert.That(Find("checkout/tools/any").Root, Is.EqualTo(data));
    }

    [Test]
    public void Only_a_program_in_a_folder_of_its_own_shares_what_is_shared()
    {
        string root = Data("home/checkout");
        Data("share/pstorelab");
        Assert.That(Find("home/checkout").Root, Is.EqualTo(root));
    }

    [Test]
    public void The_variable_goes_before_all()
    {
        Data("usr/share/pstorelab");
        string root = Data("checkout");
        Assert.That(Find("usr/lib/pstorelab", (Checkout.Variable, root)).Out, Is.EqualTo($"{root}/out"));
        Assert.That(
            () => Find("usr/lib/pstorelab", (Checkout.Variable, "/nothing")),
            Throws.TypeOf<UsageException>().With.Message.Contains("there is no images/kernels.yaml in it")
        );
    }

    [Test]
    public void A_program_that_lies_anywhere_is_told_so() =>
        Assert.That(
            () => Find("anywhere"),
            Throws
                .TypeOf<UsageException>()
                .With.Message.EndsWith("/anywhere is in no PstoreLab checkout; set PSTORELAB_ROOT to one")
        );

    private LabPaths FindInstalled(string? cache)
    {
        Data("usr/share/pstorelab");
        return Find("usr/lib/pstorelab", ("XDG_CACHE_HOME", cache));
    }

    private LabPaths Find(string program, params (string Name, string? Value)[] variables) =>
        Checkout.Find(
            Directory.CreateDirectory(Path.Combine(_scratch.Path, program)).FullName,
            name => variables.FirstOrDefault(variable => variable.Name == name).Value
        );

    private string Data(string folder) =>
        Path.GetDirectoryName(Path.GetDirectoryName(_scratch.Write($"{folder}/images/kernels.yaml", "")))!;
}
