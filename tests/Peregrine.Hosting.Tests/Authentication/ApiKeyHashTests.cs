using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Hosting.Tests.Authentication;

public sealed class ApiKeyHashTests
{
    [Fact]
    public void Of_IsSha256() => // FIPS 180-2, B.1
        ApiKeyHash.Of("abc").ToString().ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void TryParse_GivesTheHashBack()
    {
        var hash = ApiKeyHash.Of("a key");

        ApiKeyHash.TryParse(hash.ToString(), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(hash);
        parsed.ShouldNotBe(ApiKeyHash.Of("a keY"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ba78")]
    [InlineData("zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void TryParse_OfAnythingElse_Fails(string? hex) => ApiKeyHash.TryParse(hex, out _).ShouldBeFalse();

    [Theory]
    [InlineData("Basic cGduX2FiYzo=")]
    [InlineData("Bearer pgn_abc")]
    public void PresentedKey_IsHashedWithoutAllocation(string authorization)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        for (var i = 0; i < 100; i++) PresentedApiKey.TryHash(request, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) PresentedApiKey.TryHash(request, out _).ShouldBeTrue();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        PresentedApiKey.TryHash(request, out var hash);
        hash.ShouldBe(ApiKeyHash.Of("pgn_abc"));
    }

    [Fact]
    public void Secret_Holds256BitsAndIsSafeInAHeader()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => ApiKeySecret.Create()).ToHashSet();

        secrets.Count.ShouldBe(100);
        secrets.ShouldAllBe(secret => secret.Length == 47 && secret.StartsWith("pgn_") && !secret.Contains(':') && !secret.Contains('='));
    }
}
