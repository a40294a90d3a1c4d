using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Manifests;
using Peregrine.Packages.OpenApi;
using Peregrine.Packages.Verification;
using Peregrine.Records;
using Peregrine.Serving.Kinds;
using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Tests.Kinds.Caching;

/// <summary>A kind of the tests' own that answers when the test lets it. Its packages hold nothing but cache settings.</summary>
internal sealed class SlowKind : IEndpointKind, IServedKind
{
    public const string KindId = "TEST_SLOW";

    private int _computed;
    private int _cancelled;

    public string Id => KindId;

    public IReadOnlyList<KindCall> Calls { get; } = [new("slow", "data", Many: false), new("slow-multi", "data", Many: true)];

    /// <summary>What a computation waits for, by what it was asked; default: nothing.</summary>
    public Func<string, CancellationToken, Task> Gate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Answers that were computed, or begun to be.</summary>
    public int Computed => Volatile.Read(ref _computed);

    /// <summary>Computations that nobody waited for any more.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    public IReadOnlyList<PackageFault> Validate(JsonElement settings) => [];

    public EndpointParts Pack(EndpointSource source) =>
        new(JsonSerializer.SerializeToElement(((SlowSource)source).Cache), new Dictionary<string, byte[]>(StringComparer.Ordinal));

    public IPackagedEndpoint Load(EndpointManifest endpoint, PackageReader package) => new Packaged(endpoint.Id, endpoint.Settings.Deserialize<CacheSettings>());

    public KindEndpoint Load(IPackagedEndpoint packaged, KindPlace place) => new Endpoint(this, (Packaged)packaged, place);

    public sealed record SlowSource : EndpointSource
    {
        public override string Kind => KindId;

        public CacheSettings? Cache { get; init; }
    }

    private sealed record Packaged(string Id, CacheSettings? Cache) : IPackagedEndpoint
    {
        public string Kind => KindId;

        public JsonArray TestQueries => [];

        public GoldenReport ReplayGolden(CancellationToken cancellationToken) => new(0, []);

        public EndpointDescription Describe() => new([], []);
    }

    private sealed class Endpoint(SlowKind kind, Packaged packaged, KindPlace place) : KindEndpoint(kind, packaged, place, "test-query", "data")
    {
        public override CacheSettings? CacheSettings => packaged.Cache;

        public override bool Waits => true;

        public override byte[] Sample => [];

        public override KindQuery Begin(KindCall call) => new Query(kind);
    }

    private sealed class Query(SlowKind kind) : KindQuery
    {
        private readonly List<string> _asked = [];

        public override ApiError? Add(ref JsonScanner record, ReadOnlySpan<byte> body, int item)
        {
            record.Peek();
            var start = record.Position;
            record.TrySkipValue();
            _asked.Add(Encoding.UTF8.GetString(record.Since(start)));
            return null;
        }

        public override void WriteKey(Utf8Output key) => key.Write(Encoding.UTF8.GetBytes(string.Join('\n', _asked)));

        public override async ValueTask<ApiError?> AnswerAsync(KindResults results, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref kind._computed);
            try
            {
                await kind.Gate(string.Concat(_asked), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref kind._cancelled);
                throw;
            }

            if (_asked.Contains("\"refuse\"")) return ApiError.Unprocessable("It is refused.");
            if (_asked.Contains("\"fail\"")) throw new InvalidOperationException("It fails.");
            results.Output.Write("{\"results\":["u8);
            foreach (var (at, asked) in _asked.Index())
            {
                if (at > 0) results.Output.Write((byte)',');
                results.BeginResult();
                results.Output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"asked\":{asked},\"number\":{number}}}")));
                results.EndResult(ignored: false);
            }

            results.Output.Write((byte)']');
            return null;
        }

        public override void Return() => _asked.Clear();
    }
}
