using Peregrine.Web.SignIn;

namespace Peregrine.Web.Tests.SignIn;

public sealed class PageSignInTests
{
    [Theory]
    [InlineData("/deployer?stage=prod", "/deployer?stage=prod")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void SafeReturn_OfAnyAddress_StaysOnThisPage(string? asked, string given) => PageSignIn.SafeReturn(asked).ShouldBe(given);
}
