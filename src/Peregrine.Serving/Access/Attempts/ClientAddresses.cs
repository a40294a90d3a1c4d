using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.Access.Attempts;

/// <summary>Tells the client of a request; behind a proxy that the options name, the client that the proxy tells of.</summary>
internal sealed class ClientAddresses(IOptions<AccessOptions> options)
{
    private const string Forwarded = "X-Forwarded-For";

    private readonly HashSet<IPAddress> _proxies = [.. options.Value.TrustedProxies.Select(IPAddress.Parse)];

    public ClientAddress Of(HttpContext context)
    {
        var address = Plain(context.Connection.RemoteIpAddress);
        if (_proxies.Count == 0 || address is null || !_proxies.Contains(address)) return ClientAddress.Of(address);
        // From the right: each proxy adds who asked it, and what stands left of the first stranger is that stranger's own tale.
        foreach (var told in context.Request.Headers[Forwarded].ToString().Split(',', StringSplitOptions.TrimEntries).Reverse())
        {
            if (!IPAddress.TryParse(told, out var client)) break;
            address = Plain(client)!;
            if (!_proxies.Contains(address)) break;
        }

        return ClientAddress.Of(address);
    }

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
