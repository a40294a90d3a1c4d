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

    [Fact]
    public void Read_UnknownNameWithBlanksBehindIt_IsPointedAt()
    {
        const string Json = """{"amuont"  : 1}""";
        Read(Json, out var fault);
        Json.Substring(fault.Start, fault.Length).ShouldBe("amuont");
    }

    [Theory]
    [InlineData("""{"amount":"1","category":7,"online":1,"at":1,"count":"x","more":[1]}""", "ConvertedType 0 10+3, ConvertedType 1 25+1, ConvertedType 2 36+1, WrongType 4 53+3, UnknownField -1 58+4")]
    [InlineData("""{"amount":{"a":[]},"at":false,"count":1.5}""", "WrongType 0 10+0, WrongType 3 24+5, MissingField 1 0+0, MissingField 2 0+0")]
    [InlineData("""{"amount":"","category":"","online":"NaN","at":"2026-01-31","count":NaN}""", "")]
    [InlineData("""{"amount":1,"category":"x","online":true,"at":null,"count":1,"id":1}""", "")]
    public void Read_ByRulesThatNote_TakesTheRecordAndSaysHowItDiffers(string json, string notes)
    {
        var rules = new RecordRules { Unknown = Tolerance.Note, Missing = Tolerance.Note, WrongType = Tolerance.Note, Converted = Tolerance.Note };
        var record = Read(json, out var fault, new RecordReader(s_schema, ["id"], rules));
        fault.ShouldBe(RecordFault.None);
        var all = string.Join(", ", record.Notes.Kept.ToArray().Select(note => $"{note.Code} {note.Slot} {note.Start}+{note.Length}"));
        all.ShouldBe(notes);
        record.HasNotes.ShouldBe(notes.Length > 0);
        record.Clear();
        record.HasNotes.ShouldBeFalse();
    }

    [Fact]
    public void Read_ByRulesThatAccept_NotesNothing()
    {
        var rules = new RecordRules { Unknown = Tolerance.Accept, Missing = Tolerance.Accept, WrongType = Tolerance.Accept, Converted = Tolerance.Accept };
        var record = Read("""{"amount":"x","category":7,"more":1}""", out var fault, new RecordReader(s_schema, [], rules));
        fault.ShouldBe(RecordFault.None);
        record.HasNotes.ShouldBeFalse();
        double.IsNaN(record.Number(0)).ShouldBeTrue();
    }

    [Fact]
    public void Read_ByTheStrictestRules_RefusesConversions()
    {
        Read("""{"amount":"1"}""", out var fault, new RecordReader(s_schema, [], new RecordRules { Missing = Tolerance.Accept }));
        fault.ShouldBe(new RecordFault(RecordFaultCode.ConvertedType, 0, 10, 3));
    }

    [Fact]
    public void NotedText_StaysThoughTheSlotChanges()
    {
        var record = Read("""{"category":"Atlantis"}""", out _, new RecordReader(s_schema, [], refuseUnknown: true, refuseMissing: false));
        record.NoteText(RecordFaultCode.UnseenCategory, 1);
        record.SetText(1, "cleaned"u8);
        Encoding.UTF8.GetString(record.NotedText(record.Notes.Kept[0])).ShouldBe("Atlantis");
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
