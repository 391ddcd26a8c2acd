using PstoreLab.Harness.Faults;
using PstoreLab.Harness.Kernels;
using PstoreLab.Harness.Kernels.Modules;
using PstoreLab.Harness.Tests.Host;

namespace PstoreLab.Harness.Tests.Kernels.Modules;

public class ModuleTests
{
    private ScratchFolder _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new ScratchFolder();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("", new string[0])]
    [TestCase("reed_solomon", new[] { "reed_solomon" })]
    [TestCase("pstore_zone,i2c-algo-bit", new[] { "pstore_zone", "i2c_algo_bit" })]
    public void A_module_names_what_it_depends_on(string depends, string[] expected) =>
        Assert.That(ModuleInfo.DependsOf(_scratch.Write("x.ko", Synthetic.Module(depends))), Is.EqualTo(expected));

    [Test]
    public void Something_else_is_not_a_module()
    {
        var path = _scratch.Write("x.ko", "not a module at all");
        Assert.That(() => ModuleInfo.DependsOf(path), Throws.TypeOf<InfraException>().With.Message.StartsWith(path));
    }

    [Test]
    public void A_module_cut_short_is_not_a_module()
    {
        var path = _scratch.Write("x.ko", Synthetic.Module("a")[..100]);
        Assert.That(() => ModuleInfo.DependsOf(path), Throws.TypeOf<InfraException>());
    }

    [Test]
    public void Modules_are_loaded_after_what_they_depend_on()
    {
        var kernel = KernelWith(("a", "c,b"), ("b", "d"), ("c", "d"), ("d", ""), ("e", ""));
        Assert.That(ModuleOrder.Of(kernel, ["e", "a"]), Is.EqualTo(new[] { "e", "d", "c", "b", "a" }));
    }

    [Test]
    public void A_module_the_kernel_lacks_is_named()
    {
        var kernel = KernelWith(("a", "b"));
        Assert.That(
            () => ModuleOrder.Of(kernel, ["a"]),
            Throws.TypeOf<UnsupportedException>().With.Message.Contains("no module b, which a needs")
        );
    }

    private Kernel KernelWith(params (string Name, string Depends)[] modules) =>
        new(
            "k",
            "1",
            "1",
            "",
            "",
            "",
            modules.ToDictionary(
                module => module.Name,
                module => _scratch.Write(module.Name + ".ko", Synthetic.Module(module.Depends))
            )
        );
}
