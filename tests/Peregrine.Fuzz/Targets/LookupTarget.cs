using System.Text;
using System.Text.Json;
using Peregrine.Serving.Coding;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Kinds.Caching;
using Peregrine.Serving.Predictions;

namespace Peregrine.Fuzz.Targets;

/// <summary>
/// Whole requests to lookups, one or several, each to an endpoint that keeps no answers and twice to its twin that does: the rows that a scan of the table finds, and the same bytes
/// whether they were kept or not; or a refusal that says something.
/// </summary>
internal sealed class LookupTarget(FuzzNode node) : IFuzzTarget
{
    private const int MostRequests = 4;

    private static readonly CacheLimits s_limits = new(TimeSpan.FromHours(1), MaxEntries: 2, MaxBytes: 4096);

    private readonly UserApi _api = node.UserApi;
    private readonly KindEndpoint[] _keeping = [.. LookupTable.All.Select(table => node.LookupOf(table.Endpoint + LookupTable.Kept))];

    public string Name => "lookup";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. Fuzz.Corpus.Of("lookup"),
        .. new[] { "gzip", "deflate", "br" }.Select(coding => Packed(coding, """{"data":{"country":"FR","number":1}}""")),
        Packed("gzip", new string(' ', 3 * FuzzNode.MaxBody)),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. JsonTarget.JsonWords,
        .. Fuzz.Corpus.Words(
            "\n===\n", "POST /public/api/v1/refs/people/lookup", "/public/api/v1/refs/moments/lookup-multi", "-multi", "-kept", "people", "moments", "?timeout=60000", "?", "&", "timeout=",
            "\nContent-Encoding: gzip", "\nAccept-Encoding: gzip;q=0, br", "\nX-Request-Timeout-Ms: 60000", "\nX-Server-Timing: 1", "\n\n", "\uFEFF", "\"data\":", "\"items\":[", "\"context\":",
            "\"dispatch\":{\"forcedGeneration\":\"v1\"}", "\"dispatchKey\":\"k\"", "{\"data\":{\"country\":\"GB\",\"number\":1}}", "\"country\"", "\"number\"", "\"FR\"", "\"GB\"",
            "\"at\":", "\"day\":", "\"flag\":", "\"amount\":", "\"code\":", "\"2026-01-31T12:00:00Z\"", "\"2026-01-31\"", "1769860800", "-0", "0", "0.0", "1e3", "7", "\"7\"", "1e15", "1e20",
            "99999999999", "253402300800", "true", "null", "\"\"", ",", "}"),
    ];

    /// <summary>Three answers of each request, read back; a packed body is unpacked, up to what a body may have.</summary>
    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 3 * 8L * FuzzNode.MaxBody + 512L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (var endpoint in _keeping) endpoint.Cache = new ResponseCache(s_limits, TimeProvider.System);
        for (var at = 0; at < MostRequests && !input.IsEmpty; at++)
        {
            var end = input.IndexOf("\n===\n"u8);
            AskAll(end < 0 ? input : input[..end]);
            input = end < 0 ? default : input[(end + 5)..];
        }

        foreach (var endpoint in _keeping)
            if (endpoint.Cache!.Count > s_limits.MaxEntries || endpoint.Cache.Bytes > s_limits.MaxBytes) throw new FuzzFault($"{endpoint.Cache.Count} answers of {endpoint.Cache.Bytes} bytes are kept.");
    }

    private void AskAll(ReadOnlySpan<byte> request)
    {
        if (Ask(request, keeps: false) is not { } plain) return;
        var first = Ask(request, keeps: true)!.Value;
        var again = Ask(request, keeps: true)!.Value;
        Compare(plain, first);
        Compare(plain, again);
        if (first.Status == 200 && again.Status == 200 && first.Cache.Contains("hit", StringComparison.Ordinal) | first.Cache.Contains("stored", StringComparison.Ordinal) && !again.Cache.Contains("hit", StringComparison.Ordinal))
            throw new FuzzFault($"First '{first.Cache}', then '{again.Cache}'.");
    }

    private static void Compare(in Answer plain, in Answer kept)
    {
        // A deadline may pass for one and not for the other.
        if (plain.Status == 504 || kept.Status == 504) return;
        if (plain.Status != kept.Status) throw new FuzzFault($"It answered {plain.Status} {plain.Text}, and where answers are kept {kept.Status} {kept.Text}");
        if (plain.Status == 200 && plain.Text != kept.Text) throw new FuzzFault($"{kept.Cache}: {kept.Text}\ninstead of {plain.Text}");
    }

    /// <returns>Null when it is no request to a lookup.</returns>
    private Answer? Ask(ReadOnlySpan<byte> request, bool keeps)
    {
        using var http = HttpCase.Read(request);
        if (http is null) return null;
        var path = http.Context.Request.Path.Value!;
        if (LookupTable.All.FirstOrDefault(table => path.Contains($"/{table.Endpoint}/", StringComparison.Ordinal)) is not { } table) return null;
        if (keeps) http.Context.Request.Path = path.Replace($"/{table.Endpoint}/", $"/{table.Endpoint}{LookupTable.Kept}/", StringComparison.Ordinal);
        if (!_api.TryAnswer(http.Context, out var answering)) return null;
        http.Complete(answering);
        var response = http.Context.Response;
        if (response.StatusCode is not (200 or (>= 400 and < 500) or 504)) throw new FuzzFault($"It answered {response.StatusCode}: {Encoding.UTF8.GetString(http.Answer)}");
        var answer = UserTarget.Unpack(http.Answer, (string?)response.Headers.ContentEncoding);
        UserTarget.CheckJson(answer, response.StatusCode);
        if (response.StatusCode != 200) return new Answer(response.StatusCode, Encoding.UTF8.GetString(answer), "");
        var body = http.Context.Request.Headers.ContentEncoding.Count > 0 ? default : request[(request.IndexOf("\n\n"u8) + 2)..];
        if (!keeps) CheckRows(table, path.Contains("-multi", StringComparison.Ordinal), body, answer);
        return new Answer(200, Encoding.UTF8.GetString(answer.AsSpan(0, answer.AsSpan().IndexOf(",\"timing\":{"u8))), (string?)response.Headers[CacheUse.Header] ?? "");
    }

    private static void CheckRows(LookupTable table, bool many, ReadOnlySpan<byte> body, byte[] answer)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        try
        {
            using var asked = JsonDocument.Parse(body.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            using var answered = JsonDocument.Parse(answer);
            var results = answered.RootElement.GetProperty("results");
            JsonElement[] keys = many ? [.. asked.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("data"))] : [asked.RootElement.GetProperty("data")];
            if (keys.Length != results.GetArrayLength()) throw new FuzzFault($"{keys.Length} keys have {results.GetArrayLength()} results.");
            for (var at = 0; at < keys.Length; at++)
                if (table.Check(keys[at], results[at]) is { } wrong) throw new FuzzFault($"For {keys[at].GetRawText()} stands {results[at].GetRawText()}: {wrong}.");
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            // Not what others take for JSON, such as NaN.
        }
    }

    private static byte[] Packed(string coding, string body) =>
    [
        .. Encoding.ASCII.GetBytes($"POST /public/api/v1/refs/people/lookup\nContent-Encoding: {coding}\nAccept-Encoding: {coding}\n\n"),
        .. BodyCoding.Encode(Encoding.UTF8.GetBytes(body), coding),
    ];

    /// <param name="Text">Of an answer with results, what stands before the times.</param>
    /// <param name="Cache">The header that says what the cache did.</param>
    private readonly record struct Answer(int Status, string Text, string Cache);
}
