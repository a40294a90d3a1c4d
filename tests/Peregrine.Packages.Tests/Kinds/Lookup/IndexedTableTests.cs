using System.Buffers.Binary;
using System.Text;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Kinds.Lookup.Tables;
using Peregrine.Records;

namespace Peregrine.Packages.Tests.Kinds.Lookup;

public sealed class IndexedTableTests
{
    [Fact]
    public void Find_EachKeyOfManyRows_GivesItsOwnValues()
    {
        // Enough distinct texts for a code of two bytes, and enough different ones for plain texts.
        const int rows = 5_000;
        var keys = Texts("id", rows, row => $"K{row * 7919 % rows}");
        var table = IndexedTable.Open(IndexedTableWriter.Write(
            [keys], [Texts("city", rows, row => $"city {row % 700}"), Texts("name", rows, row => $"name {row}"), Numbers("amount", FieldKind.Number, rows, row => row / 3.0)]));
        table.Rows.ShouldBe(rows);
        for (var row = 0; row < rows; row++)
        {
            var found = table.Find(Key($"K{row * 7919 % rows}"), out var several);
            several.ShouldBeFalse();
            Encoding.UTF8.GetString(table.Columns[1].Text(found)).ShouldBe($"city {row % 700}");
            Encoding.UTF8.GetString(table.Columns[2].Text(found)).ShouldBe($"name {row}");
            table.Columns[3].Number(found).ShouldBe(row / 3.0);
        }

        table.Find(Key("K5000"), out _).ShouldBe(-1);
        table.Find(Key(""), out _).ShouldBe(-1);
    }

    [Fact]
    public void Find_KeyOfTwoColumns_NeedsBoth()
    {
        var table = IndexedTable.Open(IndexedTableWriter.Write(
            [Texts("country", 4, row => row < 2 ? "FR" : "GB"), Numbers("shop", FieldKind.Integer, 4, row => row % 2)], [Numbers("value", FieldKind.Number, 4, row => row + 0.5)]));
        var key = new TypedRecord(2);
        key.SetText(0, "GB"u8);
        table.Find(key, out _).ShouldBe(-1, "a key that lacks a part is nobody's");
        key.SetNumber(1, 1);
        table.Columns[2].Number(table.Find(key, out var several)).ShouldBe(3.5);
        several.ShouldBeFalse();
        key.SetNumber(1, 2);
        table.Find(key, out _).ShouldBe(-1);
    }

    [Fact]
    public void Find_KeyOfSeveralRows_GivesTheFirstOfTheDatasetAndSaysSo()
    {
        var table = IndexedTable.Open(IndexedTableWriter.Write(
            [Texts("id", 6, row => row == 5 ? null : row % 2 == 0 ? "even" : "odd")], [Numbers("row", FieldKind.Integer, 6, row => row)]));
        table.Rows.ShouldBe(5, "a row without a key is left out");
        table.Columns[1].Number(table.Find(Key("odd"), out var several)).ShouldBe(1);
        several.ShouldBeTrue();
        table.Columns[1].Number(table.Find(Key("even"), out several)).ShouldBe(0);
        several.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(254.0)]
    [InlineData(255.0)]
    [InlineData(-1.0)]
    [InlineData(2147483647.0)]
    [InlineData(-2147483648.0)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(0.1)]
    public void Number_WhateverItsWidth_ComesBackToTheBit(double value)
    {
        double[] values = [value, 7, double.NaN, -0.0];
        var table = IndexedTable.Open(IndexedTableWriter.Write([Texts("id", 4, row => $"{row}")], [Numbers("x", FieldKind.Number, 4, row => values[row])]));
        foreach (var (row, expected) in values.Index())
            BitConverter.DoubleToInt64Bits(table.Columns[1].Number(table.Find(Key($"{row}"), out _))).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
    }

    [Fact]
    public void Write_TheSameRows_GivesTheSameBytes() =>
        Sample().ShouldBe(Sample());

    [Fact]
    public void Write_RowsWithoutKeysOrColumnsTwice_IsRefused()
    {
        Should.Throw<ArgumentException>(() => IndexedTableWriter.Write([Texts("id", 2, _ => null)], [])).Message.ShouldContain("No row has a key");
        Should.Throw<ArgumentException>(() => IndexedTableWriter.Write([Texts("id", 2, row => $"{row}")], [Texts("id", 2, row => $"{row}")])).Message.ShouldContain("'id' is named twice");
        Should.Throw<ArgumentException>(() => IndexedTableWriter.Write([Texts("id", 2, row => $"{row}")], [Texts("x", 3, row => $"{row}")])).Message.ShouldContain("3 rows instead of 2");
        Should.Throw<ArgumentException>(() => IndexedTableWriter.Write([Texts("id", 2, row => $"{row}")], [new LookupTableColumn(new Field("at", FieldKind.DateTime), [0.0, 253_402_304_399])]))
            .Message.ShouldBe("Column 'at' has a moment beyond the years 1 to 9999, in row 2.");
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        var file = Sample();
        for (var length = 0; length < file.Length; length++)
            Should.Throw<InvalidDataException>(() => IndexedTable.Open(file[..length]));
    }

    /// <summary>Whatever a byte is changed to, the table is refused or answers from within its bounds.</summary>
    [Fact]
    public void Open_WithAnyByteChanged_IsRefusedOrStaysWithinItsBounds()
    {
        var good = Sample();
        var random = new Random(20260131);
        for (var round = 0; round < 20_000; round++)
        {
            var file = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--) file[random.Next(file.Length)] = (byte)(random.Next(3) switch { 0 => 0, 1 => 255, _ => random.Next(256) });
            try
            {
                ReadAll(IndexedTable.Open(file));
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    [Theory]
    [InlineData(4, 3_000_000, "cut short")] // rows
    [InlineData(4, -1, "claims")]
    [InlineData(8, 9, "claims")] // keys
    [InlineData(16, 5, "slots")]
    [InlineData(16, 1 << 30, "cut short")]
    [InlineData(20, int.MaxValue, "cut short")] // directory
    public void Open_WithAHostileHeader_IsRefusedWithTheReason(int place, int value, string reason)
    {
        var file = Sample();
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(place), value);
        Should.Throw<InvalidDataException>(() => IndexedTable.Open(file)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Bytes_OfRepeatedTexts_AreFarFewerThanTheTextsThemselves()
    {
        const int rows = 100_000;
        var table = IndexedTable.Open(IndexedTableWriter.Write(
            [Numbers("id", FieldKind.Integer, rows, row => row)], [Texts("segment", rows, row => $"a segment with a long name, number {row % 12}"), Numbers("vip", FieldKind.Boolean, rows, row => row % 2)]));
        // 4 bytes of key, at most 16 of index, 1 of code and 1 of flag for each row.
        table.Bytes.ShouldBeLessThan(rows * 18);
        table.Bytes.ShouldBeGreaterThan(rows * 6);
    }

    private static void ReadAll(IndexedTable table)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            foreach (var column in table.Columns)
            {
                if (column.Field.Kind == FieldKind.Text) _ = Encoding.UTF8.GetCharCount(column.Text(row));
                else _ = column.Number(row);
            }
        }

        var key = new TypedRecord(table.Keys.Count);
        for (var slot = 0; slot < table.Keys.Count; slot++)
        {
            key.SetText(slot, "b"u8);
            key.SetNumber(slot, 1);
        }

        table.Find(key, out _);
    }

    private static byte[] Sample() => IndexedTableWriter.Write(
        [Texts("id", 9, row => $"{(char)('a' + (row / 2))}")],
        [Texts("città", 9, row => row % 2 == 0 ? "Zürich" : null), Texts("note", 9, row => new string('é', row)), Numbers("amount", FieldKind.Number, 9, row => row / 7.0), Numbers("on", FieldKind.Date, 9, row => row * 86400.0)]);

    private static TypedRecord Key(string text)
    {
        var key = new TypedRecord(1);
        key.SetText(0, Encoding.UTF8.GetBytes(text));
        return key;
    }

    private static LookupTableColumn Texts(string name, int rows, Func<int, string?> value) =>
        new(new Field(name, FieldKind.Text), [.. Enumerable.Range(0, rows).Select(row => value(row) is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null)]);

    private static LookupTableColumn Numbers(string name, FieldKind kind, int rows, Func<int, double> value) =>
        new(new Field(name, kind), [.. Enumerable.Range(0, rows).Select(value)]);
}
