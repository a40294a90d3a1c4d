using System.Buffers;
using System.Text;
using System.Text.Json;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Kinds.Lookup.Tables;
using Peregrine.Packages.Manifests;
using Peregrine.Packages.Verification;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Kinds.Lookup;

public sealed class LookupEndpointTests
{
    [Fact]
    public void Answer_FoundRow_IsTypedByItsColumns() => Answer(new LookupSettings(), """{"id":"K1"}""").ShouldBe(
        """{"data":{"id":"K1","name":"Ann \"A\"\u000a\\","age":41,"score":0.1,"vip":true,"since":"2026-01-31T12:00:00.5Z","born":"1985-03-02"},"ignored":false}""");

    [Fact]
    public void Answer_MissingValues_AreNull() => Answer(new LookupSettings(), """{"id":"K2"}""").ShouldBe(
        """{"data":{"id":"K2","name":null,"age":null,"score":null,"vip":null,"since":null,"born":null},"ignored":false}""");

    [Theory]
    [InlineData(NoMatchPolicy.Ignore, """{"ignored":true,"ignoreReason":"NO_LOOKUP_MATCH"}""")]
    [InlineData(NoMatchPolicy.Nulls, """{"data":{"id":"K9","name":null,"age":null,"score":null,"vip":null,"since":null,"born":null},"ignored":false}""")]
    public void Answer_NoRow_IsAsTheSettingsSay(NoMatchPolicy policy, string expected) => Answer(new LookupSettings { NoMatch = policy }, """{"id":"K9"}""").ShouldBe(expected);

    [Theory]
    [InlineData(SeveralMatchesPolicy.Ignore, """{"ignored":true,"ignoreReason":"MULTIPLE_LOOKUP_MATCHES"}""")]
    [InlineData(SeveralMatchesPolicy.First, """{"data":{"id":"D","name":"one","age":1,"score":1,"vip":false,"since":null,"born":null},"ignored":false}""")]
    public void Answer_SeveralRows_IsAsTheSettingsSay(SeveralMatchesPolicy policy, string expected) => Answer(new LookupSettings { SeveralMatches = policy }, """{"id":"D"}""").ShouldBe(expected);

    [Theory]
    [InlineData("1769860800.5", "\"2026-01-31T12:00:00.5Z\"")]
    [InlineData("\"9999-12-31T23:59:59Z\"", "\"9999-12-31T23:59:59Z\"")]
    [InlineData("\"9999-12-31T23:59:59-01:00\"", "null")]
    [InlineData("1e18", "null")]
    [InlineData("1e20", "null")]
    [InlineData("1e31", "null")]
    [InlineData("-1e31", "null")]
    public void Answer_NoRowForAMoment_HasItWhereACalendarDoes(string asked, string expected)
    {
        var table = IndexedTableWriter.Write([new LookupTableColumn(new Field("at", FieldKind.DateTime), [0.0])], [new LookupTableColumn(new Field("count", FieldKind.Integer), [1.0])]);
        Answer(LookupEndpoint.ForTrial("moments", new LookupSettings { NoMatch = NoMatchPolicy.Nulls }, table), $$"""{"at":{{asked}}}""")
            .ShouldBe($$$"""{"data":{"at":{{{expected}}},"count":null},"ignored":false}""");
    }

    /// <summary>A value is compared as its column's kind has it, however it is written; what has no row comes back as it was understood.</summary>
    [Theory]
    [InlineData("""{"vip":true,"since":"2026-01-31T12:00:00.5Z","born":"1985-03-02","score":0.1}""", 1)]
    [InlineData("""{"vip":"true","since":"2026-01-31T13:00:00.5+01:00","born":"1985-03-02T00:00:00Z","score":"1e-1"}""", 1)]
    [InlineData("""{"vip":false,"since":1769860800.5,"born":478569600,"score":0.1}""", 2)]
    [InlineData("""{"vip":true,"since":"2026-01-31T12:00:00Z","born":"1985-03-02","score":0.1}""", 0)]
    [InlineData("""{"vip":true,"since":"2026-01-31T12:00:00.5Z","born":"1985-03-03","score":0.1}""", 0)]
    [InlineData("""{"vip":true,"since":"2026-01-31T12:00:00.5Z","born":"1985-03-02","score":0.10000001}""", 0)]
    [InlineData("""{"vip":null,"since":"1969-12-31T23:59:59.75Z","born":"1969-12-31","score":null}""", 0)]
    public void Answer_KeyOfEveryKind_IsComparedAsItsColumnIs(string key, int row)
    {
        var settings = new LookupSettings { NoMatch = NoMatchPolicy.Nulls };
        var table = Packages.Kinds.Lookup.Tables.IndexedTableWriter.Write(
            [
                Numbers("vip", FieldKind.Boolean, 1, 0), Numbers("since", FieldKind.DateTime, 1769860800.5, 1769860800.5), Numbers("born", FieldKind.Date, 478569600, 478569600),
                Numbers("score", FieldKind.Number, 0.1, 0.1),
            ],
            [Numbers("row", FieldKind.Integer, 1, 2)]);
        var expected = row > 0 ? $$"""{"vip":{{(row == 1 ? "true" : "false")}},"since":"2026-01-31T12:00:00.5Z","born":"1985-03-02","score":0.1,"row":{{row}}}""" : $"{key[..^1]},\"row\":null}}";
        Answer(LookupEndpoint.ForTrial("people", settings, table), key).ShouldBe($$"""{"data":{{expected}},"ignored":false}""");
    }

    [Fact]
    public void Package_OfALookup_IsVerifiedAndAnswersTheSame()
    {
        using var package = Pack(Source(new LookupSettings { Dataset = "people", SeveralMatches = SeveralMatchesPolicy.First, Cache = new CacheSettings { TtlSeconds = 5 } }));
        using var reader = PackageReader.Open(package);
        var verified = new PackageVerifier(EndpointKinds.All).Verify(reader, TestContext.Current.CancellationToken).EnsureFaithful();
        var endpoint = verified.Endpoints["people"].ShouldBeOfType<LookupEndpoint>();
        verified.Golden["people"].Records.ShouldBe(5, "the four rows and a key that none has");
        endpoint.Settings.Dataset.ShouldBe("people");
        endpoint.Settings.Cache!.TtlSeconds.ShouldBe(5);
        endpoint.Settings.Cache.MaxEntries.ShouldBe(CacheSettings.DefaultMaxEntries);
        Answer(endpoint, """{"id":"D"}""").ShouldContain("\"one\"");
    }

    [Fact]
    public void Package_WhoseRowsWereChanged_DoesNotReproduceItsGoldenRecords()
    {
        var kind = new LookupEndpointKind();
        var parts = kind.Pack(Source(new LookupSettings()));
        var other = kind.Pack(Source(new LookupSettings(), name: "Bob"));
        var mixed = new Dictionary<string, byte[]>(parts.Entries, StringComparer.Ordinal) { [LookupEndpointKind.TableEntry] = other.Entries[LookupEndpointKind.TableEntry] };
        using var package = new MemoryStream();
        new PackageWriter(new EndpointKinds([new Prepared(parts with { Entries = mixed })])).Write(Content(Source(new LookupSettings())), package);
        package.Position = 0;
        using var reader = PackageReader.Open(package);
        var fault = Should.Throw<PackageException>(() => new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None).EnsureFaithful()).Fault;
        fault.Code.ShouldBe(PackageFaultCode.GoldenMismatch);
        fault.What.ShouldContain("Bob");
    }

    /// <summary>More rows than golden records: they go over the whole table, its last row too.</summary>
    [Fact]
    public void Golden_OfALargeTable_KnowsItsLastRow()
    {
        static EndpointParts Parts(string last) => new LookupEndpointKind().Pack(new LookupEndpointSource
        {
            Id = "people", Keys = [Texts("id", [.. Enumerable.Range(0, 170).Select(row => $"K{row}")])], Columns = [Texts("name", [.. Enumerable.Range(0, 169).Select(row => $"{row}"), last])],
        });
        var golden = Encoding.UTF8.GetString(Parts("Zoe").Entries["golden.jsonl"]);
        golden.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count().ShouldBe(51, "50 rows and a key that none has");
        golden.ShouldContain("K0");
        golden.ShouldContain("Zoe");
    }

    [Fact]
    public void Answer_Moments_ShowATimeWhereTheyAreMoreThanDays()
    {
        var table = Packages.Kinds.Lookup.Tables.IndexedTableWriter.Write(
            [Texts("id", "K1")], [Numbers("midnight", FieldKind.DateTime, 1769817600), Numbers("noon", FieldKind.Date, 1769860800), Numbers("before", FieldKind.DateTime, -0.25)]);
        Answer(LookupEndpoint.ForTrial("people", new LookupSettings(), table), """{"id":"K1"}""").ShouldBe(
            """{"data":{"id":"K1","midnight":"2026-01-31T00:00:00Z","noon":"2026-01-31T12:00:00Z","before":"1969-12-31T23:59:59.75Z"},"ignored":false}""");
    }

    [Fact]
    public void Package_WithADamagedTable_IsRefused()
    {
        var parts = new LookupEndpointKind().Pack(Source(new LookupSettings()));
        var entries = new Dictionary<string, byte[]>(parts.Entries, StringComparer.Ordinal) { [LookupEndpointKind.TableEntry] = parts.Entries[LookupEndpointKind.TableEntry][..^1] };
        using var package = new MemoryStream();
        new PackageWriter(new EndpointKinds([new Prepared(parts with { Entries = entries })])).Write(Content(Source(new LookupSettings())), package);
        package.Position = 0;
        using var reader = PackageReader.Open(package);
        var fault = Should.Throw<PackageException>(() => new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None)).Fault;
        fault.Code.ShouldBe(PackageFaultCode.BadStructure);
        fault.Where.ShouldBe("endpoints/people/rows.pgt");
    }

    [Theory]
    [InlineData("""{}""", "Key column 'id' is not given. The key is 'id'.")]
    [InlineData("""{"id":"K1","nam":"x"}""", "'nam' is no column of the key. The key is 'id'.")]
    [InlineData("""{"idd":"K1"}""", "'idd' is no column of the key. Did you mean 'id'? The key is 'id'.")]
    [InlineData("""{"id":["K1"]}""", "Key column 'id' must be text; at byte 6 stands a list.")]
    [InlineData("""{"id":"K1","id":"K2"}""", "Key column 'id' stands twice, again at byte 16.")]
    [InlineData("""[]""", "At byte 0 an object with the key is expected, such as {\"id\": …}.")]
    public void Bind_WrongKey_IsAFaultInWords(string data, string expected)
    {
        var endpoint = Trial(new LookupSettings());
        var json = Encoding.UTF8.GetBytes(data);
        var scanner = new JsonScanner(json);
        LookupFaults.Describe(endpoint.Bind(ref scanner, new TypedRecord(1)), endpoint.Key, json).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{"noMatch":"NULLS","severalMatches":"FIRST","cache":{}}""", null)]
    [InlineData("""{"noMatch":"PERHAPS"}""", "noMatch")]
    [InlineData("""{"cache":{"ttlSeconds":0}}""", "ttlSeconds")]
    [InlineData("""{"cache":{"maxBytes":10}}""", "maxBytes")]
    [InlineData("""{"logColumns":[{"column":"","action":"DROP"}]}""", "names no column")]
    public void Validate_Settings_PointsAtWhatIsWrong(string settings, string? wrong)
    {
        var faults = new LookupEndpointKind().Validate(JsonDocument.Parse(settings).RootElement);
        if (wrong is null) faults.ShouldBeEmpty();
        else faults.ShouldHaveSingleItem().ToString().ShouldContain(wrong);
    }

    private static string Answer(LookupSettings settings, string key) => Answer(Trial(settings), key);

    private static string Answer(LookupEndpoint endpoint, string key)
    {
        var record = new TypedRecord(endpoint.Key.Count);
        var json = new JsonScanner(Encoding.UTF8.GetBytes(key));
        endpoint.Bind(ref json, record).IsNone.ShouldBeTrue();
        var output = new ArrayBufferWriter<byte>();
        endpoint.Answer(record, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static LookupEndpoint Trial(LookupSettings settings)
    {
        var source = Source(settings);
        return LookupEndpoint.ForTrial("people", settings, Packages.Kinds.Lookup.Tables.IndexedTableWriter.Write(source.Keys, source.Columns));
    }

    private static LookupEndpointSource Source(LookupSettings settings, string name = "Ann \"A\"\n\\") => new()
    {
        Id = "people",
        Settings = settings,
        Keys = [Texts("id", "K1", "K2", "D", "D")],
        Columns =
        [
            Texts("name", name, null, "one", "two"), Numbers("age", FieldKind.Integer, 41, double.NaN, 1, 2), Numbers("score", FieldKind.Number, 0.1, double.NaN, 1, 2),
            Numbers("vip", FieldKind.Boolean, 1, double.NaN, 0, 1), Numbers("since", FieldKind.DateTime, 1769860800.5, double.NaN, double.NaN, 0),
            Numbers("born", FieldKind.Date, 478569600, double.NaN, double.NaN, 0),
        ],
    };

    private static MemoryStream Pack(LookupEndpointSource source)
    {
        var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(Content(source), target);
        target.Position = 0;
        return target;
    }

    private static PackageContent Content(EndpointSource source) => new()
    {
        ServiceId = "refs", VersionId = "v1", CreatedOn = DateTimeOffset.UnixEpoch, Authorization = ServiceAuthorization.Public, Endpoints = [source],
    };

    private static LookupTableColumn Texts(string name, params string?[] values) =>
        new(new Field(name, FieldKind.Text), [.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))]);

    private static LookupTableColumn Numbers(string name, FieldKind kind, params double[] values) => new(new Field(name, kind), values);

    /// <summary>Packs what it is given, whatever the source.</summary>
    private sealed class Prepared(EndpointParts parts) : IEndpointKind
    {
        public string Id => LookupEndpointKind.KindId;

        public IReadOnlyList<PackageFault> Validate(JsonElement settings) => [];

        public EndpointParts Pack(EndpointSource source) => parts;

        public IPackagedEndpoint Load(EndpointManifest endpoint, PackageReader package) => throw new NotSupportedException();
    }
}
