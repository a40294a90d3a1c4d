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

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public void Decode_OfABody_GivesItUpToTheLimitAndNothingBeyond(string coding)
    {
        // Packs to a small part of itself, so that memory grows on the way.
        var body = new byte[100_000];
        for (var at = 0; at < body.Length; at++) body[at] = (byte)(at / 1000);
        var packed = BodyCoding.Encode(body, coding);
        packed.Length.ShouldBeLessThan(body.Length / 20);
        var (bytes, length) = BodyCoding.Decode(packed, coding, body.Length);
        bytes.AsSpan(0, length).SequenceEqual(body).ShouldBeTrue();
        BodyCoding.Decode(packed, coding, body.Length - 1).ShouldBe((null, -1));
        BodyCoding.Decode(packed, coding, 1).ShouldBe((null, -1));
        BodyCoding.Decode([], coding, 1).Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("gzip", new byte[] { 1, 2, 3, 4 })]
    [InlineData("deflate", new byte[] { 1, 2, 3, 4 })]
    [InlineData("deflate", new byte[] { 0x78, 0xBB, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1 })] // wants a dictionary
    [InlineData("br", new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void Decode_WhatIsNotOfItsCoding_SaysSo(string coding, byte[] body) => Should.Throw<InvalidDataException>(() => BodyCoding.Decode(body, coding, 1000));
}
