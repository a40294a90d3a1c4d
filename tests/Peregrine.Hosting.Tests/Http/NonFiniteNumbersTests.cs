using System.Text;
using Peregrine.Hosting.Http;

namespace Peregrine.Hosting.Tests.Http;

public sealed class NonFiniteNumbersTests
{
    [Theory]
    [InlineData("NaN", "null")]
    [InlineData("[NaN,-Infinity, Infinity]", "[null,null, null]")]
    [InlineData("{\"NaN\":NaN}", "{\"NaN\":null}")]
    [InlineData("{\"a\":\"\\\\\",\"b\":NaN}", "{\"a\":\"\\\\\",\"b\":null}")]
    [InlineData("[\"\\\"NaN\",NaN]", "[\"\\\"NaN\",null]")]
    [InlineData("[NaNa,xNaN,Infinityx,-NaN]", "[NaNa,xNaN,Infinityx,-null]")]
    [InlineData("[\"unterminated NaN", "[\"unterminated NaN")]
    [InlineData("N", "N")]
    public void ToNull_RewritesBareTokensOnly(string json, string expected) =>
        Encoding.UTF8.GetString(NonFiniteNumbers.ToNull(Encoding.UTF8.GetBytes(json)).Span).ShouldBe(expected);

    [Fact]
    public void ToNull_OfPlainJson_CopiesNothing()
    {
        ReadOnlyMemory<byte> json = "{\"a\":[1,2,\"Name\"]}"u8.ToArray();

        NonFiniteNumbers.ToNull(json).Equals(json).ShouldBeTrue();
    }
}
