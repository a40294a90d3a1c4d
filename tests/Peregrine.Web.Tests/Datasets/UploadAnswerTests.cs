using Peregrine.Web.Datasets;

namespace Peregrine.Web.Tests.Datasets;

public sealed class UploadAnswerTests
{
    [Theory]
    [InlineData(204)]
    [InlineData(-1)]
    public void FaultOf_ATakenOrCancelledUpload_IsNone(int status) => UploadAnswer.FaultOf(status, "").ShouldBeNull();

    [Fact]
    public void FaultOf_ARefusal_KeepsItsWordsAndPlaces()
    {
        var fault = UploadAnswer.FaultOf(422, """{"message":"Row 3 has 4 cells.","detailedMessage":"Row 3 has 4 cells. The header has 5.","errors":[{"pointer":"/rows/3","code":"Ragged","message":"4 cells"}]}""");
        fault.ShouldNotBeNull();
        fault.Message.ShouldBe("Row 3 has 4 cells.");
        fault.Detail.ShouldBe("The header has 5.");
        fault.At("rows/3").ShouldBe("4 cells");
    }

    [Fact]
    public void FaultOf_ABrokenLine_SaysSo() => UploadAnswer.FaultOf(0, "")!.Message.ShouldBe("The file did not arrive.");

    [Fact]
    public void FaultOf_AnAnswerThatIsNoJson_NamesTheStatus() => UploadAnswer.FaultOf(502, "<html>")!.Message.ShouldContain("502");
}
