using System.Text;

namespace Peregrine.Records.Tests;

public sealed class RecordReaderTests
{
    private static readonly RecordSchema s_schema = new(
    [
        new("amount", FieldKind.Number), new("category", FieldKind.Text), new("online", FieldKind.Boolean),
        new("at", FieldKind.DateTime), new("count", FieldKind.Integer),
    ]);

    private readonly RecordReader _reader = new(s_schema, ["id"], refuseUnknown: true, refuseMissing: true);

    [Fact]
    public void Read_AllFields_FillsTheirSlots()
    {
        var record = Read("""{"amount":12.5,"category":"caf\u00e9","online":true,"at":"2024-01-01 00:07:18","count":3,"id":"x"}""", out var fault);
        fault.ShouldBe(RecordFault.None);
        record.Number(0).ShouldBe(12.5);
        Text(record, 1).ShouldBe("café");
        record.Number(2).ShouldBe(1);
        record.Number(3).ShouldBe(1704067638);
        record.Number(4).ShouldBe(3);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("\"\"")]
    public void Read_MissingValue_IsMissingInEverySlot(string value)
    {
        var record = Read($$"""{"amount":{{value}},"category":{{value}},"online":{{value}},"at":{{value}},"count":{{value}}}""", out var fault);
        fault.ShouldBe(RecordFault.None);
        for (var slot = 0; slot < s_schema.Count; slot++)
        {
            double.IsNaN(record.Number(slot)).ShouldBeTrue();
            record.TryGetText(slot, out _).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("\"amount\":\"12.5\"", 0, 12.5)]
    [InlineData("\"amount\":true", 0, 1)]
    [InlineData("\"online\":\"True\"", 2, 1)]
    [InlineData("\"online\":0", 2, 0)]
    [InlineData("\"at\":1704067638", 3, 1704067638)]
    [InlineData("\"at\":1704067638000", 3, 1704067638)]
    [InlineData("\"at\":1704067638000000", 3, 1704067638)]
    public void Read_OtherFormOfAValue_IsTaken(string member, int slot, double expected)
    {
        var lenient = new RecordReader(s_schema, [], refuseUnknown: true, refuseMissing: false);
        Read("{" + member + "}", out var fault, lenient).Number(slot).ShouldBe(expected);
        fault.ShouldBe(RecordFault.None);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.0", "1")]
    [InlineData("1.5", "1.5")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("true", "true")]
    public void Read_NumberForText_IsItsCanonicalText(string value, string expected)
    {
        var lenient = new RecordReader(s_schema, [], refuseUnknown: true, refuseMissing: false);
        Text(Read("{\"category\":" + value + "}", out _, lenient), 1).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"amount":"12,5"}""", RecordFaultCode.WrongType, 0, 10, 6)]
    [InlineData("""{"amount":{}}""", RecordFaultCode.WrongType, 0, 10, 0)]
    [InlineData("""{"online":2}""", RecordFaultCode.WrongType, 2, 10, 1)]
    [InlineData("""{"at":true}""", RecordFaultCode.WrongType, 3, 6, 4)]
    [InlineData("""{"amuont":1}""", RecordFaultCode.UnknownField, -1, 2, 6)]
    [InlineData("""{"amount":1}""", RecordFaultCode.MissingField, 1, 0, 0)]
    [InlineData("""[1]""", RecordFaultCode.NotAnObject, -1, 0, 0)]
    [InlineData("""{"amount":1""", RecordFaultCode.Malformed, -1, 11, 0)]
    public void Read_BadRecord_SaysWhatAndWhere(string json, RecordFaultCode code, int slot, int start, int length)
    {
        Read(json, out var fault);
        fault.Code.ShouldBe(code);
        fault.Slot.ShouldBe(slot);
        if (code != RecordFaultCode.UnknownField) fault.Start.ShouldBe(start);
        fault.Length.ShouldBe(length);
    }

    [Fact]
    public void Read_SameFieldTwice_IsRefused()
    {
        Read("""{"amount":1,"amount":2}""", out var fault);
        fault.Code.ShouldBe(RecordFaultCode.DuplicateField);
    }

    private TypedRecord Read(string json, out RecordFault fault, RecordReader? reader = null)
    {
        var record = new TypedRecord(s_schema.Count, arenaBytes: 4);
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json));
        fault = (reader ?? _reader).Read(ref scanner, record);
        return record;
    }

    private static string Text(TypedRecord record, int slot)
    {
        record.TryGetText(slot, out var text).ShouldBeTrue();
        return Encoding.UTF8.GetString(text);
    }
}
