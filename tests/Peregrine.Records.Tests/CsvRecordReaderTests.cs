using System.Text;
using CsCheck;

namespace Peregrine.Records.Tests;

public sealed class CsvRecordReaderTests
{
    private static readonly RecordSchema s_schema = new([new("a", FieldKind.Number), new("b", FieldKind.Text), new("c", FieldKind.Boolean)]);

    [Theory]
    [InlineData("a,b,c\n1,x,true\n", 1.0, "x", 1.0)]
    [InlineData("a,b,c\r\n1.5,\"x, y\",0\r\n", 1.5, "x, y", 0.0)]
    [InlineData("a,b,c\n,\"say \"\"hi\"\"\",", double.NaN, "say \"hi\"", double.NaN)]
    [InlineData("c,a,b\nFALSE,\"2\",\"two\nlines\"", 2.0, "two\nlines", 0.0)]
    [InlineData("\"a\",\"b\",c\n\n7,\"\",1", 7.0, null, 1.0)]
    public void Read_OneRecord_BindsItsCells(string csv, double a, string? b, double c)
    {
        var rows = ReadAll(Encoding.UTF8.GetBytes(csv));
        var row = rows.ShouldHaveSingleItem();
        row.Fault.Code.ShouldBe(RecordFaultCode.None);
        (row.A, row.B, row.C).ShouldBe((a, b, c));
    }

    [Theory]
    [InlineData("a,b,c\n1,x\n2,y,1\n", RecordFaultCode.Malformed, 2, 2)]
    [InlineData("a,b,c\nno,x,1\n2,y,1\n", RecordFaultCode.WrongType, 2, 2)]
    [InlineData("a,b,c\n1,\"x\ny\",1\n2,y,maybe\n", RecordFaultCode.WrongType, 4, 2)]
    public void Read_FaultyRecord_TellsItsLineAndGoesOn(string csv, RecordFaultCode code, long line, int rows)
    {
        var all = ReadAll(Encoding.UTF8.GetBytes(csv));
        all.Count.ShouldBe(rows);
        var faulty = all.Single(row => row.Fault.Code != RecordFaultCode.None);
        (faulty.Fault.Code, faulty.Fault.Line).ShouldBe((code, line));
    }

    [Theory]
    [InlineData("a,b,c\n1,x\"y,1\n")]
    [InlineData("a,b,c\n1,\"x\"y,1\n")]
    [InlineData("a,b,c\n1,\"x,1\n")]
    public void Read_WrongQuotes_IsBroken(string csv) => ReadAll(Encoding.UTF8.GetBytes(csv)).Last().Row.ShouldBe(CsvRow.Broken);

    [Theory]
    [InlineData("a,b,c,a", RecordFaultCode.DuplicateField, 3)]
    [InlineData("a,b,c,d", RecordFaultCode.UnknownField, 3)]
    [InlineData("a,b", RecordFaultCode.MissingField, 2)]
    public void ForHeader_WrongNames_SaysWhich(string header, RecordFaultCode code, int column)
    {
        var reader = new RecordReader(s_schema, ["id"], refuseUnknown: true, refuseMissing: true);
        CsvRecordReader.ForHeader(reader, [.. header.Split(',').Select(Encoding.UTF8.GetBytes)], out var fault, out var at).ShouldBeNull();
        (fault.Code, at).ShouldBe((code, column));
    }

    /// <summary>Any table, written by the rules and read in two pieces cut anywhere, comes back as it was.</summary>
    [Fact]
    public void Read_AnyTableCutAnywhere_ReadsBackTheSameCells() =>
        Gen.Select(Gen.Char["ab,\"\n\r é"].Array[0, 6].Select(letters => new string(letters)).Array[1, 12], Gen.Bool, Gen.Bool, Gen.Int[0, 200]).Sample(
            (texts, crlf, closed, cut) =>
            {
                var end = crlf ? "\r\n" : "\n";
                var csv = $"a,b,c{end}" + string.Join(end, texts.Select((text, i) => $"{i},\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1")) + (closed ? end : "");
                var rows = ReadAll(Encoding.UTF8.GetBytes(csv), cut);
                rows.Select(row => (row.A, row.B ?? "")).ShouldBe(texts.Select((text, i) => ((double)i, text)));
            }, iter: 20_000);

    /// <summary>Any bytes: no crash, every byte read once, and whole or in two pieces the same rows.</summary>
    [Fact]
    public void Read_AnyBytesCutAnywhere_GivesTheSameRowsAsWhole() =>
        Gen.Select(Gen.OneOf(Gen.Byte, Gen.Char[",\"\n\r1"].Select(letter => (byte)letter)).Array[0, 60], Gen.Int[0, 80]).Sample(
            (bytes, cut) =>
            {
                byte[] csv = [.. "a,b,c\n"u8, .. bytes];
                ReadAll(csv, cut).Select(row => (row.Row, row.A, row.B, row.C, row.Fault.Code, row.Fault.Line))
                    .ShouldBe(ReadAll(csv).Select(row => (row.Row, row.A, row.B, row.C, row.Fault.Code, row.Fault.Line)));
            }, iter: 100_000);

    private static List<(CsvRow Row, double A, string? B, double C, CsvFault Fault)> ReadAll(byte[] csv, int cut = int.MaxValue)
    {
        var header = new CsvScanner(csv, isLast: true);
        var names = new List<byte[]>();
        for (var cell = CsvCell.More; cell == CsvCell.More;)
        {
            cell = header.Read(out var raw, out _);
            names.Add(raw.ToArray());
        }

        var reader = CsvRecordReader.ForHeader(new RecordReader(s_schema, [], refuseUnknown: true, refuseMissing: true), names, out var fault, out _);
        fault.IsNone.ShouldBeTrue();
        var rows = new List<(CsvRow, double, string?, double, CsvFault)>();
        var (at, line) = (header.Position, header.Line);
        foreach (var end in new[] { Math.Clamp(cut, at, csv.Length), csv.Length })
        {
            var piece = new CsvScanner(csv.AsSpan(at, end - at), isLast: end == csv.Length, line);
            for (var row = CsvRow.Record; row is CsvRow.Record or CsvRow.Faulty;)
            {
                var record = new TypedRecord(3);
                row = reader!.Read(ref piece, record, default, out var wrong);
                if (row == CsvRow.End) break;
                rows.Add(row == CsvRow.Record ? (row, record.Number(0), TextOf(record), record.Number(2), wrong) : (row, 0, null, 0, wrong));
                if (row == CsvRow.Broken) return rows;
            }

            at += piece.Position;
            line = piece.Line;
            if (end == csv.Length) break;
        }

        at.ShouldBe(csv.Length);
        return rows;
    }

    private static string? TextOf(TypedRecord record) => record.TryGetText(1, out var text) ? Encoding.UTF8.GetString(text) : null;
}
