using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Packages.Manifests;

namespace Peregrine.Serving.Access.Tokens;

/// <summary>The key sources of all issuers: one for each address, whatever services and generations use it.</summary>
internal sealed class JwksSources : IDisposable
{
    private const int MostBytes = 256 * 1024;

    private readonly ConcurrentDictionary<string, JwksSource> _byUrl = new(StringComparer.Ordinal);
    private readonly HttpClient _http;
    private readonly AccessOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<JwksSources> _log;

    public JwksSources(IOptions<AccessOptions> options, TimeProvider clock, ILogger<JwksSources> log)
    {
        _options = options.Value;
        _clock = clock;
        _log = log;
        // A redirect could lead from the address that was vetted to one that was not.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };
    }

    public JwksSource Of(ServiceOAuth2 rules)
    {
        if (rules.JwksUrl is { } url)
            return _byUrl.GetOrAdd(url, address => new JwksSource(address, stop => _http.GetByteArrayAsync(new Uri(address), stop), null, _options, _clock, _log));
        var keys = Encoding.UTF8.GetBytes(rules.Jwks?.GetRawText() ?? """{"keys":[]}""");
        return new JwksSource("keys in the package", null, keys, _options, _clock, _log);
    }

    public void Dispose() => _http.Dispose();
}
