using Peregrine.Training.LightGbm;

namespace Peregrine.Training.Tests.LightGbm;

public sealed class LightGbmLibraryTests
{
    [Fact]
    public void Missing_OpenMp_SaysWhatToInstall()
    {
        var fault = LightGbmLibrary.Missing(new DllNotFoundException(
            "Unable to load shared library 'lib_lightgbm': libgomp.so.1: cannot open shared object file: No such file or directory"));

        fault.Code.ShouldBe(TrainingErrorCode.NativeLibraryMissing);
        fault.Message.ShouldContain("libgomp.so.1");
        fault.Hint.ShouldContain("apt-get install libgomp1");
    }

    [Fact]
    public void Check_Fault_CarriesLightGbmsWords()
    {
        LightGbmLibrary.Require();

        Should.Throw<TrainingException>(() => LightGbmBooster.Load("no model")).Message.ShouldStartWith("LightGBM reports: ");
    }
}
