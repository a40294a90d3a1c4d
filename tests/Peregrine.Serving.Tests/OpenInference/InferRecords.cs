using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.OpenInference;

/// <summary>Records of the test model (amount, country, online, at), seeded, with missing values, and as tensors of every form.</summary>
internal sealed class InferRecords
{
    private static readonly string[] s_countries = ["FR", "GB", "", "Côte d'Ivoire", "a\"b\\c", "日本", "NaN"];

    private readonly List<(double? Amount, string? Country, bool? Online, DateTime? At)> _rows = [];

    public InferRecords(int rows, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            _rows.Add((
                random.Next(8) == 0 ? null : random.Next(2) == 0 ? random.NextDouble() * 20 - 10 : random.Next(-50, 50),
                random.Next(8) == 0 ? null : s_countries[random.Next(s_countries.Length)],
                random.Next(8) == 0 ? null : random.Next(2) == 0,
                random.Next(8) == 0 ? null : DateTime.UnixEpoch.AddSeconds(random.NextInt64(-1_000_000_000, 3_000_000_000))));
        }
    }

    public int Count => _rows.Count;

    /// <summary>The record as <c>predict</c> takes it.</summary>
    public string Features(int row)
    {
        var (amount, country, online, at) = _rows[row];
        return new JsonObject { ["amount"] = amount, ["country"] = country, ["online"] = online, ["at"] = Text(at) }.ToJsonString();
    }

    /// <param name="nested">Whether lists are [n,1].</param>
    public JsonObject Json(bool nested = false) => new()
    {
        ["inputs"] = new JsonArray(
            Tensor("amount", "FP64", row => row.Amount, nested), Tensor("country", "BYTES", row => row.Country, nested),
            Tensor("online", "BOOL", row => row.Online, nested), Tensor("at", "BYTES", row => Text(row.At), nested)),
    };

    /// <summary>All four as binary tensors, in the types that can tell of a missing value.</summary>
    public (JsonObject Header, byte[] Data) Binary()
    {
        var amount = Bytes(row => Number(row.Amount ?? double.NaN));
        var country = Bytes(row => Prefixed(row.Country ?? ""));
        var online = Bytes(row => Number(row.Online is { } flag ? (flag ? 1 : 0) : double.NaN));
        var at = Bytes(row => Prefixed(Text(row.At) ?? ""));
        var header = new JsonObject
        {
            ["inputs"] = new JsonArray(
                BinaryTensor("at", "BYTES", at.Length), BinaryTensor("amount", "FP64", amount.Length), BinaryTensor("online", "FP64", online.Length),
                BinaryTensor("country", "BYTES", country.Length)),
            ["parameters"] = new JsonObject { ["binary_data_output"] = true },
        };
        return (header, [.. at, .. amount, .. online, .. country]);
    }

    /// <summary>Two tensors in the text and two behind it.</summary>
    public (JsonObject Header, byte[] Data) Mixed()
    {
        var country = Bytes(row => Prefixed(row.Country ?? ""));
        var amount = Bytes(row => Number(row.Amount ?? double.NaN));
        var header = new JsonObject
        {
            ["inputs"] = new JsonArray(
                BinaryTensor("country", "BYTES", country.Length), Tensor("at", "BYTES", row => Text(row.At), false), BinaryTensor("amount", "FP64", amount.Length),
                Tensor("online", "BOOL", row => row.Online, true)),
        };
        return (header, [.. country, .. amount]);
    }

    public double AmountOr(int row, double missing) => _rows[row].Amount ?? missing;

    public string CountryOrEmpty(int row) => _rows[row].Country ?? "";

    public double OnlineOr(int row, double missing) => _rows[row].Online is { } online ? (online ? 1 : 0) : missing;

    public string AtOrEmpty(int row) => Text(_rows[row].At) ?? "";

    public static byte[] Prefixed(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[4 + utf8.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, utf8.Length);
        utf8.CopyTo(bytes, 4);
        return bytes;
    }

    private static string? Text(DateTime? moment) => moment?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static byte[] Number(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }

    private byte[] Bytes(Func<(double? Amount, string? Country, bool? Online, DateTime? At), byte[]> column) => [.. _rows.SelectMany(column)];

    private JsonObject BinaryTensor(string name, string type, int size) => new()
    {
        ["name"] = name, ["shape"] = new JsonArray(Count, 1), ["datatype"] = type, ["parameters"] = new JsonObject { ["binary_data_size"] = size },
    };

    private JsonObject Tensor(string name, string type, Func<(double? Amount, string? Country, bool? Online, DateTime? At), JsonNode?> value, bool nested) => new()
    {
        ["name"] = name,
        ["shape"] = nested ? new JsonArray(Count, 1) : new JsonArray(Count),
        ["datatype"] = type,
        ["data"] = new JsonArray([.. _rows.Select(row => nested ? new JsonArray(value(row)) : value(row))]),
    };
}
