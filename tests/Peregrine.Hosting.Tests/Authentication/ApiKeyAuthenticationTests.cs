using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Tests.Errors;

namespace Peregrine.Hosting.Tests.Authentication;

public sealed class ApiKeyAuthenticationTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private AdminKeyStore _keys = null!;
    private TestNode _node = null!;
    private string _secret = null!;

    public async ValueTask InitializeAsync()
    {
        _keys = AdminKeyStore.Open(_folder.File("keys.json"), TimeProvider.System);
        _secret = (await _keys.AddAsync("ci", null, null, null, TestContext.Current.CancellationToken)).Secret;
        _node = await TestNode.StartAsync(
            app =>
            {
                app.MapGet("/who", (HttpContext context) => context.User.Identity!.Name).RequireApiKey();
                app.MapGet("/open", () => "open");
            },
            services => services.AddApiKeyAuthentication(_keys).AddCookie(CookieAuthenticationDefaults.AuthenticationScheme));
    }

    [Theory]
    [InlineData("Authorization", "Basic", "{0}:")]
    [InlineData("Authorization", "Basic", ":{0}")]
    [InlineData("Authorization", "basic", "{0}:")]
    [InlineData("Authorization", "Basic", "{0}:ignored password")]
    [InlineData("Authorization", "Bearer", null)]
    [InlineData("X-DKU-APITicket", null, null)]
    public async Task Key_InAnyOfTheForms_OpensTheDoor(string header, string? scheme, string? pair)
    {
        var value = pair is null ? _secret : Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Format(pair, _secret)));

        using var answer = await SendAsync("/who", (header, scheme is null ? value : $"{scheme} {value}"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("ci");
    }

    [Theory]
    [InlineData("Basic d3Jvbmc6")] // wrong:
    [InlineData("Basic !!!")]
    [InlineData("Basic Og==")] // blank user, blank password
    [InlineData("Basic ")]
    [InlineData("Bearer wrong")]
    [InlineData("Digest abc")]
    public async Task Key_ThatIsNotKnown_Answers401WithTheWayToSignIn(string authorization)
    {
        using var answer = await SendAsync("/who", ("Authorization", authorization));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Basic realm=\"Peregrine\"");
        (await ErrorObjectsTests.ReadAsync(answer)).GetProperty("message").GetString()!.ShouldContain("not known");
    }

    [Fact]
    public async Task NoKey_Answers401AndSaysThatOneIsNeeded()
    {
        using var answer = await SendAsync("/who");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ErrorObjectsTests.ReadAsync(answer)).GetProperty("detailedMessage").GetString()!.ShouldContain("Bearer");
    }

    [Fact]
    public async Task VeryLongKey_IsRefusedAndNotAFault()
    {
        using var bearer = await SendAsync("/who", ("Authorization", "Bearer " + new string('x', 30_000)));
        using var basic = await SendAsync("/who", ("Authorization", "Basic " + new string('A', 30_000)));

        bearer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        basic.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task OpenDoor_NeedsNoKey_AndAWrongOneDoesNotCloseIt()
    {
        using var without = await SendAsync("/open");
        using var with = await SendAsync("/open", ("Authorization", "Bearer wrong"));

        without.StatusCode.ShouldBe(HttpStatusCode.OK);
        with.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RefusedKey_IsCountedAndLoggedWithoutTheKey()
    {
        using var answer = await SendAsync("/who", ("Authorization", "Bearer not-the-secret"));

        var metrics = await _node.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        metrics.ShouldContain("peregrine_authentication_failures_total");
        metrics.ShouldContain("reason=\"unknown\"");
        _node.Logs.Lines.ShouldContain(line => line.Contains("Refused a request from 127.0.0.1"));
        _node.Logs.Lines.ShouldNotContain(line => line.Contains("not-the-secret"));
    }

    [Fact]
    public async Task DeletedKey_StopsWorkingAtOnce()
    {
        var added = await _keys.AddAsync("temporary", null, null, null, TestContext.Current.CancellationToken);
        using (var before = await SendAsync("/who", ("Authorization", "Bearer " + added.Secret))) before.EnsureSuccessStatusCode();

        await _keys.DeleteByIdAsync(added.Key.Id, TestContext.Current.CancellationToken);

        using var after = await SendAsync("/who", ("Authorization", "Bearer " + added.Secret));
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _keys.Dispose();
        _folder.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is { } given) request.Headers.TryAddWithoutValidation(given.Name, given.Value).ShouldBeTrue();
        return await _node.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
