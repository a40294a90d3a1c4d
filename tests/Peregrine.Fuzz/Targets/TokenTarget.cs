using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Packages.Manifests;
using Peregrine.Serving.Access;
using Peregrine.Serving.Access.Tokens;

namespace Peregrine.Fuzz.Targets;

/// <summary>Tokens: none opens the service but those of the corpus that do as they are. Whoever changes a letter of what was signed is refused.</summary>
internal sealed class TokenTarget : IFuzzTarget
{
    private readonly TokenRules _rules;
    private readonly HashSet<string> _good = new(StringComparer.Ordinal);

    public TokenTarget()
    {
        var options = new AccessOptions();
        var clock = new Noon();
        var keys = new JwksSource("keys", null, Fuzz.Corpus.Of("jwks")[0], options, clock, NullLogger.Instance);
        var rules = new ServiceOAuth2 { Issuer = "https://issuer.test/", Audiences = ["fraud-api"], Scopes = ["score"], Claims = new Dictionary<string, string> { ["tenant"] = "7" } };
        _rules = new TokenRules("fuzz", rules, keys, new CallerKeys(), options, clock);
        foreach (var token in Fuzz.Corpus.Of("token").Select(Encoding.Latin1.GetString))
            if (Opens(token)) _good.Add(Signed(token));
        if (_good.Count == 0) throw new FuzzFault("No token of the corpus is good.");
    }

    public string Name => "token";

    public IReadOnlyList<byte[]> Corpus { get; } = Fuzz.Corpus.Of("token");

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Fuzz.Corpus.Words(".", "..", "=", "-", "_", "e30", "eyJ"),
        .. Fuzz.Corpus.Words("{\"alg\":\"none\"}", "{\"alg\":\"HS256\",\"kid\":\"rsa\"}", "{\"alg\":\"RS256\",\"kid\":\"\\ud800\"}", "{\"alg\":1}", "{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", "{\"alg\":\"RS256\",\"enc\":\"A\"}",
            "{\"iss\":\"\\ud800\"}", "{\"exp\":1e999}", "[1]", "1", "\"a\"", "null", "{\"alg\":null,\"alg\":\"RS256\"}", "{\"alg\":\"RS256\",\"kid\":{\"a\":[]}}").SelectMany(json => Parts(json)),
    ];

    /// <summary>Reading one makes many objects, its cryptography more.</summary>
    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 256L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        var header = "Bearer " + Encoding.Latin1.GetString(input);
        if (TokenControl.TokenOf(header) is { } token && Opens(token) && !_good.Contains(Signed(token))) throw new FuzzFault($"'{token}' opens the service.");
    }

    private bool Opens(string token)
    {
        var checking = _rules.CheckAsync(token, CancellationToken.None);
        var outcome = checking.IsCompleted ? checking.Result : checking.AsTask().GetAwaiter().GetResult();
        if (outcome.Error is { } error) EngineTarget.Check(error);
        return outcome.Grant is not null;
    }

    private static string Signed(string token) => token[..Math.Max(0, token.LastIndexOf('.'))];

    /// <summary>A piece, as a token has it, with and without the point behind it.</summary>
    private static IEnumerable<byte[]> Parts(byte[] json)
    {
        var encoded = System.Buffers.Text.Base64Url.EncodeToUtf8(json);
        return [encoded, [.. encoded, (byte)'.']];
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    }
}
