using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Records;

namespace Peregrine.Datasets.Tables;

/// <summary>
/// Writes rows as the JSON object of features that a caller would send: numbers in their shortest exact form, text as it
/// stands, moments as text. Reading the object back gives the bits of the table.
/// </summary>
public sealed class JsonRowWriter
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly (TableColumn Column, JsonEncodedText Name)[] _columns;

    /// <param name="table">The rows.</param>
    /// <param name="fields">The members to write, in their order; null writes all columns.</param>
    /// <exception cref="ArgumentException">A field is no column.</exception>
    public JsonRowWriter(Table table, IEnumerable<string>? fields = null)
    {
        var columns = fields is null
            ? table.Columns
            : fields.Select(name => table.Find(name) ?? throw new ArgumentException($"The table has no column '{name}'.", nameof(fields)));
        _columns = [.. columns.Select(column => (column, JsonEncodedText.Encode(column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)))];
    }

    /// <summary>Writes one row as an object; missing values are <c>null</c>.</summary>
    public void Write(int row, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (column, name) in _columns)
        {
            json.WritePropertyName(name);
            WriteValue(column, row, json);
        }

        json.WriteEndObject();
    }

    /// <summary>One row as UTF-8 JSON.</summary>
    public byte[] ToUtf8(int row)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, s_plain);
        Write(row, json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes one cell as a JSON value.</summary>
    public static void WriteValue(TableColumn column, int row, Utf8JsonWriter json)
    {
        if (column.IsMissing(row)) json.WriteNullValue();
        else if (column is TextColumn text) json.WriteStringValue(text.Utf8(row));
        else WriteNumber((NumberColumn)column, row, json);
    }

    private static void WriteNumber(NumberColumn column, int row, Utf8JsonWriter json)
    {
        var value = column[row];
        switch (column.Kind)
        {
            case FieldKind.Boolean:
                json.WriteBooleanValue(value != 0);
                break;
            case FieldKind.Date or FieldKind.DateTime:
                Span<byte> text = stackalloc byte[32];
                json.WriteStringValue(text[..FieldParsing.FormatDateTime(value, column.Kind == FieldKind.Date, text)]);
                break;
            default:
                json.WriteNumberValue(value);
                break;
        }
    }
}
