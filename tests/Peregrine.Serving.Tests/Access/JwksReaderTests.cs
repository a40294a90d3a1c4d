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
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"keys\":7}")]
    [InlineData("[]")]
    [InlineData("{\"keys\"")]
    public void Read_WhatIsNoKeySet_SaysSo(string text) => Should.Throw<JsonException>(() => JwksReader.Read(System.Text.Encoding.UTF8.GetBytes(text)));
}
