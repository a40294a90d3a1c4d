using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Peregrine.FunctionalTests.ApiNode;

/// <summary>How the list of revoked certificates is served.</summary>
public enum ListState
{
    Up,

    /// <summary>An error at once.</summary>
    Down,

    /// <summary>No answer.</summary>
    Silent,
}

/// <summary>An authority of certificates that name its list of revoked ones, which it serves by HTTP.</summary>
internal sealed class RevokingAuthority : IAsyncDisposable
{
    private readonly CertificateRevocationListBuilder _revoked = new();
    private readonly WebApplication _app;
    private int _asked;

    private RevokingAuthority(WebApplication app)
    {
        _app = app;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Revoking authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    public X509Certificate2 Root { get; }

    public ListState State { get; set; }

    /// <summary>How often the list was asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static async Task<RevokingAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var authority = new RevokingAuthority(app);
        app.MapGet("/revoked.crl", (Func<HttpContext, Task<IResult>>)authority.AnswerAsync);
        await app.StartAsync();
        return authority;
    }

    public X509Certificate2 Client(string name) => Leaf(name, "1.3.6.1.5.5.7.3.2");

    public X509Certificate2 Server() => Leaf("node", "1.3.6.1.5.5.7.3.1");

    public void Revoke(X509Certificate2 certificate)
    {
        lock (_revoked) _revoked.AddEntry(certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        Root.Dispose();
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        if (State == ListState.Down) return TypedResults.StatusCode((int)HttpStatusCode.ServiceUnavailable);
        if (State == ListState.Silent) await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var now = DateTimeOffset.UtcNow;
        lock (_revoked) return TypedResults.Bytes(_revoked.Build(Root, 1, now.AddDays(1), HashAlgorithmName.SHA256, thisUpdate: now.AddHours(-1)), "application/pkix-crl");
    }

    private X509Certificate2 Leaf(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{_app.Urls.First()}/revoked.crl"]));
        using var bare = request.Create(Root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), RandomNumberGenerator.GetBytes(12));
        return bare.CopyWithPrivateKey(key);
    }
}
