using System.Text.Json;
using Peregrine.Serving.Access.Tokens;

namespace Peregrine.Serving.Tests.Access;

public sealed class JwksReaderTests
{
    private const string Point = "\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""; // RFC 7515, A.3

    [Theory]
    [InlineData("\"kid\":\"\\ud800\"")]
    [InlineData("\"use\":\"\\ud800\"")]
    [InlineData("\"key_ops\":[\"\\ud800\"]")]
    [InlineData("\"\\ud800\":1")]
    public void Read_KeyWithTextThatIsNotUnicode_PassesOverItAlone(string member)
    {
        var keys = JwksReader.Read(System.Text.Encoding.UTF8.GetBytes($"{{\"keys\":[{{\"kty\":\"EC\",{Point},{member}}},{{\"kty\":\"EC\",\"kid\":\"good\",{Point}}}]}}"));
        keys.Select(key => key.KeyId).ShouldContain("good");
        keys.Count.ShouldBeInRange(1, 2);
    }

    [Theory]
    [InlineData("\"use\":\"sig\"", 1)]
    [InlineData("\"use\":\"enc\"", 0)]
    [InlineData("\"key_ops\":[\"sign\",\"verify\"]", 1)]
    [InlineData("\"key_ops\":[\"encrypt\",\"sign\"]", 0)]
    [InlineData("\"key_ops\":[]", 0)]
    [InlineData("\"alg\":\"ES256\"", 1)]
    [InlineData("\"alg\":\"ES384\"", 0)]
    [InlineData("\"alg\":\"HS256\"", 0)]
    public void Read_KeyForAnotherPurpose_IsPassedOver(string member, int count)
    {
        var keys = JwksReader.Read(System.Text.Encoding.UTF8.GetBytes($"{{\"keys\":[{{\"kty\":\"EC\",{Point},{member}}}]}}"));
        keys.Count.ShouldBe(count);
        keys.ShouldAllBe(key => key.Algorithms.Single() == "ES256");
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"keys\":7}")]
    [InlineData("[]")]
    [InlineData("{\"keys\"")]
    public void Read_WhatIsNoKeySet_SaysSo(string text) => Should.Throw<JsonException>(() => JwksReader.Read(System.Text.Encoding.UTF8.GetBytes(text)));
}
