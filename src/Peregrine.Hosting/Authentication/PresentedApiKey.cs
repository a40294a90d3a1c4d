using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Authentication;

/// <summary>
/// Finds the key in a request: Basic with the key as user name, Basic with a blank user and the key as password, Bearer, or the
/// header <c>X-DKU-APITicket</c>.
/// </summary>
public static class PresentedApiKey
{
    public const string TicketHeader = "X-DKU-APITicket";

    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";
    private const int MaxEncoded = 4 * ApiKeyHash.MaxKeyBytes / 3 + 8;

    /// <summary>Hash of the presented key, without allocation: for the path of a prediction.</summary>
    /// <returns>False when the request presents no key that can be read.</returns>
    public static bool TryHash(HttpRequest request, out ApiKeyHash hash)
    {
        Span<byte> key = stackalloc byte[ApiKeyHash.MaxKeyBytes];
        var length = Read(request, key);
        hash = length > 0 ? ApiKeyHash.Of(key[..length]) : default;
        return length > 0;
    }

    /// <summary>The presented key itself, for the sign-in of a person or a call that hands it on.</summary>
    public static bool TryGet(HttpRequest request, [NotNullWhen(true)] out string? key)
    {
        Span<byte> bytes = stackalloc byte[ApiKeyHash.MaxKeyBytes];
        var length = Read(request, bytes);
        key = length > 0 ? Encoding.UTF8.GetString(bytes[..length]) : null;
        return key is not null;
    }

    /// <summary>True when the request carries credentials of any of the forms, readable or not.</summary>
    public static bool IsPresent(HttpRequest request) =>
        request.Headers.ContainsKey(TicketHeader) || request.Headers.Authorization.Count > 0;

    /// <returns>Bytes written to <paramref name="key"/>; 0 when there is none.</returns>
    private static int Read(HttpRequest request, Span<byte> key)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count > 1) return 0; // which of them counts would be a guess
        if (authorization.Count > 0 && authorization[0] is { } header)
        {
            if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return ReadBasic(header.AsSpan(Basic.Length).Trim(), key);
            if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return ReadPlain(header.AsSpan(Bearer.Length).Trim(), key);
            return 0;
        }

        return request.Headers.TryGetValue(TicketHeader, out var ticket) ? ReadPlain(ticket.ToString().AsSpan().Trim(), key) : 0;
    }

    private static int ReadPlain(ReadOnlySpan<char> text, Span<byte> key) =>
        Encoding.UTF8.TryGetBytes(text, key, out var written) ? written : 0;

    private static int ReadBasic(ReadOnlySpan<char> encoded, Span<byte> key)
    {
        if (encoded.Length is 0 or > MaxEncoded) return 0;
        Span<byte> pair = stackalloc byte[MaxEncoded];
        if (!Convert.TryFromBase64Chars(encoded, pair, out var length)) return 0;
        pair = pair[..length];
        var colon = pair.IndexOf((byte)':');
        var user = colon < 0 ? pair : pair[..colon];
        var found = user.IsEmpty && colon >= 0 ? pair[(colon + 1)..] : user;
        return found.TryCopyTo(key) ? found.Length : 0;
    }
}
