using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Packages.Kinds.Lookup.Tables;
using Peregrine.Records;

namespace Peregrine.Packages.Kinds.Lookup;

/// <summary>Writes what a lookup found, in UTF-8 and without allocation. The one place that does so: golden records compare these bytes.</summary>
/// <remarks>Numbers are written in their shortest form that reads back to the same bits; moments as ISO 8601 in UTC; a missing value is null.</remarks>
public sealed class LookupResultWriter
{
    public const string NoMatch = "NO_LOOKUP_MATCH";
    public const string SeveralMatches = "MULTIPLE_LOOKUP_MATCHES";

    private const int LongestNumber = NumberText.Longest;

    private readonly IndexedTable _table;
    private readonly byte[][] _names; // with what stands before

    internal LookupResultWriter(IndexedTable table)
    {
        _table = table;
        _names = [.. table.Columns.Select((column, at) => Encoding.UTF8.GetBytes($"{(at == 0 ? "" : ",")}{Quote(column.Field.Name)}:"))];
    }

    /// <summary><c>{"data":{"key":"K1","name":"Ann"},"ignored":false}</c></summary>
    public void WriteRow(int row, IBufferWriter<byte> output)
    {
        output.Write("{\"data\":{"u8);
        for (var column = 0; column < _names.Length; column++)
        {
            output.Write(_names[column]);
            WriteValue(_table.Columns[column], row, output);
        }

        output.Write("},\"ignored\":false}"u8);
    }

    /// <summary>The same with the key that was asked for, and nothing found for it.</summary>
    public void WriteNulls(TypedRecord key, IBufferWriter<byte> output)
    {
        output.Write("{\"data\":{"u8);
        for (var column = 0; column < _names.Length; column++)
        {
            output.Write(_names[column]);
            if (column < _table.Keys.Count) WriteKey(_table.Keys[column].Field.Kind, key, column, output);
            else output.Write("null"u8);
        }

        output.Write("},\"ignored\":false}"u8);
    }

    /// <summary><c>{"ignored":true,"ignoreReason":"NO_LOOKUP_MATCH"}</c></summary>
    public static void WriteIgnored(bool several, IBufferWriter<byte> output) => output.Write(
        several ? "{\"ignored\":true,\"ignoreReason\":\"MULTIPLE_LOOKUP_MATCHES\"}"u8 : "{\"ignored\":true,\"ignoreReason\":\"NO_LOOKUP_MATCH\"}"u8);

    private static void WriteValue(IndexedColumn column, int row, IBufferWriter<byte> output)
    {
        if (column.Field.Kind != FieldKind.Text) WriteNumber(column.Field.Kind, column.Number(row), output);
        else WriteText(column.Text(row), output);
    }

    private static void WriteKey(FieldKind kind, TypedRecord key, int slot, IBufferWriter<byte> output)
    {
        if (kind != FieldKind.Text) WriteNumber(kind, key.Number(slot), output);
        else WriteText(key.TryGetText(slot, out var text) ? text : default, output);
    }

    private static void WriteNumber(FieldKind kind, double value, IBufferWriter<byte> output)
    {
        if (!double.IsFinite(value)) output.Write("null"u8);
        else if (kind == FieldKind.Boolean) output.Write(value != 0 ? "true"u8 : "false"u8);
        else if (kind is FieldKind.Date or FieldKind.DateTime) WriteMoment(value, kind == FieldKind.Date, output);
        else output.Advance(NumberText.Write(value, output.GetSpan(LongestNumber)));
    }

    /// <summary>A day alone where the column holds days and it is midnight; null for what no calendar has, which a key can ask for.</summary>
    private static void WriteMoment(double seconds, bool isDay, IBufferWriter<byte> output)
    {
        if (seconds is < IndexedTable.LeastMoment or > IndexedTable.MostMoment)
        {
            output.Write("null"u8);
            return;
        }

        // Whole seconds and fraction apart: a double near today resolves 240 ns.
        var whole = Math.Floor(seconds);
        var fraction = (long)Math.Round((seconds - whole) * TimeSpan.TicksPerSecond);
        var moment = DateTime.UnixEpoch.AddTicks(((long)whole * TimeSpan.TicksPerSecond) + fraction);
        var format = isDay && moment.TimeOfDay == TimeSpan.Zero ? "\\\"yyyy-MM-dd\\\"" : fraction == 0 ? "\\\"yyyy-MM-ddTHH:mm:ssZ\\\"" : "\\\"yyyy-MM-ddTHH:mm:ss.FFFFFFFZ\\\"";
        moment.TryFormat(output.GetSpan(LongestNumber), out var written, format, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (text.IsEmpty) output.Write("null"u8);
        else RecordValues.WriteText(text, output);
    }

    private static string Quote(string name) => $"\"{JsonEncodedText.Encode(name)}\"";
}
