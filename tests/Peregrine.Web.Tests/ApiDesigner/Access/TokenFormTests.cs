using System.Text.Json;
using Peregrine.Packages.Manifests;
using Peregrine.Web.ApiDesigner.Access;

namespace Peregrine.Web.Tests.ApiDesigner.Access;

public sealed class TokenFormTests
{
    [Fact]
    public void Write_OfWhatWasRead_IsTheSame()
    {
        var rules = new ServiceOAuth2
        {
            Issuer = "https://i/", JwksUrl = "https://i/jwks", Audiences = ["a", "b"], Scopes = ["score"], ScopeClaim = "scp", Claims = new Dictionary<string, string> { ["tenant"] = "eu=1" },
            ClientIdClaim = "azp", ClockSkewSeconds = 30,
        };
        var (written, fault) = TokenForm.Of(rules).Write();
        fault.ShouldBeNull();
        written!.ToJsonString().ShouldBe(
            """{"issuer":"https://i/","jwksUrl":"https://i/jwks","jwks":null,"audiences":["a","b"],"scopes":["score"],"scopeClaim":"scp","claims":{"tenant":"eu=1"},"clientIdClaim":"azp","clockSkewSeconds":30}""");
    }

    [Fact]
    public void Write_OfNothing_LeavesTheRulesToTheServer() => new TokenForm().Write().Rules!.ToJsonString().ShouldBe(
        """{"issuer":null,"jwksUrl":null,"jwks":null,"audiences":null,"scopes":null,"scopeClaim":null,"claims":null,"clientIdClaim":null,"clockSkewSeconds":60}""");

    [Fact]
    public void Write_OfWhatCannotBeRead_SaysSoAtEachField()
    {
        var fault = new TokenForm { FromUrl = false, Jwks = "{\n\"keys\": [,]}", Claims = "tenant", ClockSkew = "a minute" }.Write().Fault!;
        fault.At("oAuth2/jwks")!.ShouldContain("line 2");
        fault.At("oAuth2/claims")!.ShouldContain("'tenant'");
        fault.At("oAuth2/clockSkewSeconds").ShouldNotBeNull();
    }

    [Fact]
    public void Write_OfKeysInTheVersion_TakesThemAndNoAddress()
    {
        var form = TokenForm.Of(new ServiceOAuth2 { Issuer = "i", Jwks = JsonElement.Parse("""{"keys":[{"kty":"EC"}]}""") });
        form.JwksUrl = "https://left.over/";
        var rules = form.Write().Rules!;
        rules["jwksUrl"].ShouldBeNull();
        rules["jwks"]!.ToJsonString().ShouldBe("""{"keys":[{"kty":"EC"}]}""");
    }

    [Fact]
    public void Options_NameWhatIsFilledInOnly() => new TokenForm { Issuer = "https://i/", JwksUrl = "https://i/jwks", Audiences = "a, b", ClockSkew = "60" }.Options()
        .ShouldBe(" \\\n  --issuer https://i/ \\\n  --jwks-url https://i/jwks \\\n  --audience a \\\n  --audience b");
}
