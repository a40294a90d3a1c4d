using Peregrine.Serving.Coding;

namespace Peregrine.Serving.Tests.Coding;

public sealed class BodyCodingTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("GZIP", "gzip")]
    [InlineData("br, deflate", "deflate")]
    [InlineData("gzip;q=0", null)]
    [InlineData("gzip;q=0, br", "br")]
    [InlineData("gzip ; q = 0.000, deflate;q=0.1", "deflate")]
    [InlineData("gzip;q=0.01", "gzip")]
    [InlineData("zstd, gzip;q=1", "gzip")]
    public void Choose_OfWhatACallerTakes_LeavesOutWhatItDoesNot(string? accepted, string? chosen) => BodyCoding.Choose(accepted).ShouldBe(chosen);
}
