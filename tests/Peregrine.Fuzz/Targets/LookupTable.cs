using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Manifests;
using Peregrine.Records;

namespace Peregrine.Fuzz.Targets;

/// <summary>A small table that is served by two endpoints, one that keeps its answers and one that does not; and what a scan of its rows would answer.</summary>
internal sealed class LookupTable
{
    public const string Service = "refs";
    public const string Version = "v1";
    public const string Kept = "-kept";

    private const double EarliestMoment = -62_135_596_800;
    private const double LatestMoment = 253_402_300_799;

    private readonly LookupTableColumn[] _keys;
    private readonly LookupTableColumn[] _columns;
    private readonly LookupSettings _settings;

    private LookupTable(string endpoint, LookupSettings settings, LookupTableColumn[] keys, LookupTableColumn[] columns)
    {
        Endpoint = endpoint;
        _settings = settings;
        _keys = keys;
        _columns = columns;
    }

    public static IReadOnlyList<LookupTable> All { get; } =
    [
        new(
            "people", new LookupSettings(),
            [
                Texts("country", "FR", "GB", "GB", "é\"\\\u0001", null, "1", "true", "0.5", "FR", "GB", new string('x', 300)),
                Numbers("number", FieldKind.Integer, 1, 1, 1, 0, 3, 7, 1, -0.0, double.NaN, 2, 1e300),
            ],
            [
                Texts("name \"of it\"", "Ann", "Bob", "\u001F\"\\/", "😀", "x", null, "", "d", "e", ",\"timing\":{", new string('y', 300)),
                Numbers("risk", FieldKind.Number, 0.1, double.NaN, -0.0, 5e-324, 1, double.MaxValue, 1e21, 1e-7, 2, 123456789012345680, -1.5),
                Numbers("online", FieldKind.Boolean, 1, 0, double.NaN, 1, 1, 0, 1, 0, 1, 0, 1),
                Numbers("since", FieldKind.Date, 1769817600, double.NaN, 0, 0.5, 1, EarliestMoment, LatestMoment, 86399.5, 1, -1, 86400),
            ]),
        new(
            "moments", new LookupSettings { NoMatch = NoMatchPolicy.Nulls, SeveralMatches = SeveralMatchesPolicy.First },
            [
                Numbers("at", FieldKind.DateTime, 1769860800, 1769860800, 0, -0.25, 1769860800.125),
                Numbers("day", FieldKind.Date, 1769817600, 1769817600, 0, 0, double.NaN),
                Numbers("flag", FieldKind.Boolean, 1, 1, 0, 0, 1),
                Numbers("amount", FieldKind.Number, 12.5, 12.5, 0, -0.0, 1),
                Texts("code", "a", "a", "7", "b", "c"),
            ],
            [Numbers("seen", FieldKind.DateTime, LatestMoment, 1, EarliestMoment, 1769860800.125, 1), Numbers("count", FieldKind.Integer, 300, 1, -1, double.NaN, 0)]),
    ];

    public string Endpoint { get; }

    public static byte[] WritePackage()
    {
        var content = new PackageContent
        {
            ServiceId = Service, VersionId = Version, CreatedOn = DateTimeOffset.UnixEpoch, Authorization = ServiceAuthorization.Public,
            Endpoints = [.. All.SelectMany(table => new EndpointSource[] { table.Source("", null), table.Source(Kept, new CacheSettings()) })],
        };
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(content, target);
        return target.ToArray();
    }

    /// <summary>What is wrong with the result of a key, or null.</summary>
    /// <param name="data">The key, as others read JSON.</param>
    public string? Check(JsonElement data, JsonElement result)
    {
        var key = new object?[_keys.Length];
        if (data.ValueKind != JsonValueKind.Object || data.EnumerateObject().Count() != _keys.Length) return "it does not name each column of the key once, and was answered";
        for (var at = 0; at < _keys.Length; at++)
            if (!data.TryGetProperty(_keys[at].Field.Name, out var given) || !TryRead(_keys[at].Field.Kind, given, out key[at])) return $"'{_keys[at].Field.Name}' is no value of the column, and was answered";
        var rows = Enumerable.Range(0, _keys[0].Rows).Where(row => Has(row, key)).ToList();
        if (rows.Count > 1 && _settings.SeveralMatches == SeveralMatchesPolicy.Ignore) return CheckIgnored(result, "MULTIPLE_LOOKUP_MATCHES");
        if (rows.Count == 0 && _settings.NoMatch == NoMatchPolicy.Ignore) return CheckIgnored(result, "NO_LOOKUP_MATCH");
        return CheckRow(result, rows.Count == 0 ? [.. key, .. _columns.Select(_ => (object?)null)] : [.. _keys.Concat(_columns).Select(column => Value(column, rows[0]))]);
    }

    private static string? CheckIgnored(JsonElement result, string reason) =>
        result.GetProperty("ignored").GetBoolean() && result.GetProperty("ignoreReason").GetString() == reason && result.EnumerateObject().Count() == 2 ? null : $"it is ignored for {reason}";

    private string? CheckRow(JsonElement result, IReadOnlyList<object?> values)
    {
        if (result.GetProperty("ignored").GetBoolean()) return "a row has it, and it was ignored";
        var (columns, data) = (_keys.Concat(_columns).ToList(), result.GetProperty("data").EnumerateObject().ToList());
        if (!data.Select(member => member.Name).SequenceEqual(columns.Select(column => column.Field.Name), StringComparer.Ordinal)) return "the columns are others";
        for (var at = 0; at < columns.Count; at++)
            if (!IsWritten(columns[at].Field.Kind, values[at], data[at].Value)) return $"'{columns[at].Field.Name}' is {values[at] ?? "missing"}";
        return null;
    }

    private static bool IsWritten(FieldKind kind, object? value, JsonElement written)
    {
        switch (value)
        {
            case null: return written.ValueKind == JsonValueKind.Null;
            case string text: return written.ValueKind == JsonValueKind.String && written.GetString() == text;
            case double number when kind == FieldKind.Boolean: return written.ValueKind == (number != 0 ? JsonValueKind.True : JsonValueKind.False);
            case double seconds when kind is FieldKind.Date or FieldKind.DateTime: return IsMoment(kind, seconds, written);
            default: return written.ValueKind == JsonValueKind.Number && BitConverter.DoubleToInt64Bits(written.GetDouble()) == BitConverter.DoubleToInt64Bits((double)value);
        }
    }

    /// <summary>Read back it is the moment, to 100 ns; beyond the years 1 to 9999 nothing is.</summary>
    private static bool IsMoment(FieldKind kind, double seconds, JsonElement written)
    {
        if (seconds is < EarliestMoment or > LatestMoment) return written.ValueKind == JsonValueKind.Null;
        if (written.ValueKind != JsonValueKind.String) return false;
        var text = Encoding.UTF8.GetBytes(written.GetString()!);
        var isDay = kind == FieldKind.Date && Math.IEEERemainder(seconds, 86_400) == 0;
        return text.Length == 10 == isDay && FieldParsing.TryDateTime(text, out var read) && Math.Abs(read - seconds) <= 1e-7;
    }

    private bool Has(int row, object?[] key)
    {
        for (var at = 0; at < _keys.Length; at++)
            if (Value(_keys[at], row) is not { } value || key[at] is null || !(value is double number ? number == (double)key[at]! : value.Equals(key[at]))) return false;
        return true;
    }

    private static object? Value(LookupTableColumn column, int row)
    {
        if (column.Field.Kind == FieldKind.Text) return column.Text(row) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;
        return double.IsNaN(column.Number(row)) ? null : column.Number(row);
    }

    /// <param name="value">A text or a double; null: missing.</param>
    private static bool TryRead(FieldKind kind, JsonElement given, out object? value)
    {
        value = null;
        switch (given.ValueKind)
        {
            case JsonValueKind.Null: return true;
            case JsonValueKind.True or JsonValueKind.False:
                value = kind == FieldKind.Text ? given.GetRawText() : given.GetBoolean() ? 1.0 : 0.0;
                return kind is not (FieldKind.Date or FieldKind.DateTime);
            case JsonValueKind.String:
                var text = given.GetString()!;
                if (text.Length == 0 || (kind != FieldKind.Text && text == "NaN")) return true;
                var fits = FieldParsing.TryParse(kind, Encoding.UTF8.GetBytes(text), out var parsed);
                value = kind == FieldKind.Text ? text : parsed;
                return kind == FieldKind.Text || fits;
            case JsonValueKind.Number:
                var number = double.Parse(given.GetRawText(), CultureInfo.InvariantCulture);
                value = kind switch { FieldKind.Text => AsText(number, given.GetRawText()), FieldKind.Date or FieldKind.DateTime => Seconds(number), _ => number };
                return double.IsFinite(number) && (kind != FieldKind.Boolean || number is 0 or 1);
            default: return false;
        }
    }

    private static string AsText(double number, string token) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15 && token.AsSpan().ContainsAny('.', 'e', 'E') ? ((long)number).ToString(CultureInfo.InvariantCulture) : token;

    private static double Seconds(double epoch) => Math.Abs(epoch) < 1e11 ? epoch : Math.Abs(epoch) < 1e14 ? epoch / 1e3 : epoch / 1e6;

    private LookupEndpointSource Source(string suffix, CacheSettings? cache) => new() { Id = Endpoint + suffix, Settings = _settings with { Cache = cache }, Keys = _keys, Columns = _columns };

    private static LookupTableColumn Numbers(string name, FieldKind kind, params double[] values) => new(new Field(name, kind), values);

    private static LookupTableColumn Texts(string name, params string?[] values) =>
        new(new Field(name, FieldKind.Text), [.. values.Select(value => value is null ? null : Encoding.UTF8.GetBytes(value))]);
}
