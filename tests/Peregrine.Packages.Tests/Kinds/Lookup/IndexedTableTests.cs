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
        // A negative zero has no place in whole numbers: with it, and without it, as narrow as the others let it be.
        foreach (double[] values in (double[][])[[value, 7, double.NaN, -0.0], [value, 7, double.NaN], [value]])
        {
            var table = IndexedTable.Open(IndexedTableWriter.Write([Texts("id", values.Length, row => $"{row}")], [Numbers("x", FieldKind.Number, values.Length, row => values[row])]));
            foreach (var (row, expected) in values.Index())
                BitConverter.DoubleToInt64Bits(table.Columns[1].Number(table.Find(Key($"{row}"), out _))).ShouldBe(BitConverter.DoubleToInt64Bits(expected));
        }
    }

    [Fact]
    public void Find_KeysOfEqualHash_AreToldApart()
    {
        double[][] equal = [.. Enumerable.Range(0, 300_000).Select(number => (double)number).GroupBy(HashOf).Where(group => group.Count() > 1).Select(group => group.ToArray())];
        equal.ShouldNotBeEmpty();
        // The last one of each pair is in no row.
        double[] keys = [.. equal.SelectMany(pair => pair[..^1]), .. equal[0]];
        var table = IndexedTable.Open(IndexedTableWriter.Write([Numbers("id", FieldKind.Integer, keys.Length, row => keys[row])], [Numbers("row", FieldKind.Integer, keys.Length, row => row)]));
        for (var pair = 1; pair < equal.Length; pair++) table.Find(Key(equal[pair][^1]), out _).ShouldBe(-1);
        table.Columns[1].Number(table.Find(Key(equal[0][^1]), out var several)).ShouldBe(keys.Length - 1);
        several.ShouldBeFalse();
        table.Columns[1].Number(table.Find(Key(equal[0][0]), out several)).ShouldBe(0);
        several.ShouldBeTrue();
    }

    [Fact]
    public void Find_NumbersAsKeys_AreEqualByValueAndMissingOnesNobodys()
    {
        double[] keys = [0.25, double.NaN, -0.0, 1e300, double.NaN];
        var table = IndexedTable.Open(IndexedTableWriter.Write([Numbers("id", FieldKind.Number, 5, row => keys[row])], [Numbers("row", FieldKind.Integer, 5, row => row)]));
        table.Rows.ShouldBe(3, "rows without a key are left out");
        table.Columns[1].Number(table.Find(Key(0.25), out _)).ShouldBe(0);
        table.Columns[1].Number(table.Find(Key(1e300), out _)).ShouldBe(3);
        table.Columns[1].Number(table.Find(Key(0.0), out _)).ShouldBe(2, "both zeros are one key");
        table.Columns[1].Number(table.Find(Key(-0.0), out _)).ShouldBe(2);
        foreach (var nobodys in new[] { double.NaN, 0.75, 0.0001 }) table.Find(Key(nobodys), out _).ShouldBe(-1);
    }

    /// <summary>More distinct texts than a code of two bytes tells apart, each so often that codes take less room.</summary>
    [Fact]
    public void Text_OfMoreThan65536DistinctOnes_IsTheRowsOwn()
    {
        const int distinct = 65_537, rows = 2 * distinct;
        var table = IndexedTable.Open(IndexedTableWriter.Write([Numbers("id", FieldKind.Integer, rows, row => row)], [Texts("name", rows, row => $"a rather long name, number {row % distinct}")]));
        table.Bytes.ShouldBeLessThan(rows * 50L, "texts are stored once");
        for (var row = 0; row < rows; row += 997) table.Columns[1].Text(row).SequenceEqual(Encoding.UTF8.GetBytes($"a rather long name, number {row % distinct}")).ShouldBeTrue();
        table.Columns[1].Text(rows - 1).SequenceEqual("a rather long name, number 65536"u8).ShouldBeTrue();
    }

    /// <summary>Packages that were made once are read for ever: neither the layout nor the hash of keys may change.</summary>
    [Fact]
    public void Write_ATableOfAllKinds_GivesTheBytesOfTheFirstRelease() => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Sample())).ShouldBe("f288c9f1060e713c0915226ab83bc37203e3225e9b3c7d1a54fe21a28e23277b");

    [Fact]
    public void Open_TextsThatAreNotUtf8_AreRefused()
    {
        var file = Sample();
        var letter = file.AsSpan().IndexOf("Zürich"u8);
        file[letter + 1] = 0xFF;
        Should.Throw<InvalidDataException>(() => IndexedTable.Open(file)).Message.ShouldContain("'città' are not UTF-8");
    }

    [Theory]
    [InlineData(FieldKind.DateTime, 253_402_300_800.0)]
    [InlineData(FieldKind.Date, -62_135_596_801.0)]
    public void Open_AMomentBeyondTheCalendar_IsRefused(FieldKind kind, double seconds)
    {
        double[] moments = [0.5, double.NaN, 86_400.25];
        var file = IndexedTableWriter.Write([Texts("id", 3, row => $"{row}")], [Numbers("at", kind, 3, row => moments[row])]);
        Span<byte> last = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(last, moments[2]);
        BinaryPrimitives.WriteDoubleLittleEndian(file.AsSpan(file.AsSpan().IndexOf(last)), seconds);
        Should.Throw<InvalidDataException>(() => IndexedTable.Open(file)).Message.ShouldContain("row 2 of column 'at' is no moment");
    }

    [Fact]
    public void Open_AnIndexWithoutAFreeSlot_IsRefused()
    {
        var file = IndexedTableWriter.Write([Texts("id", 2, row => $"{row}")], [Texts("x", 2, row => $"{row}")]);
        var (slots, directory) = (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(20)));
        var index = (32 + directory + 7) & ~7;
        for (var slot = 0; slot < slots; slot++) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(index + (slot * 4)), 1);
        Should.Throw<InvalidDataException>(() => IndexedTable.Open(file)).Message.ShouldContain("no free slot");
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

    private static TypedRecord Key(double number)
    {
        var key = new TypedRecord(1);
        key.SetNumber(0, number);
        return key;
    }

    private static uint HashOf(double number)
    {
        var hash = new KeyHash();
        hash.Add(number);
        return hash.Value;
    }

    private static LookupTableColumn Texts(string name, int rows, Func<int, string?> value) =>
        new(new Field(name, FieldKind.Text), [.. Enumerable.Range(0, rows).Select(row => value(row) is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null)]);

    private static LookupTableColumn Numbers(string name, FieldKind kind, int rows, Func<int, double> value) =>
        new(new Field(name, kind), [.. Enumerable.Range(0, rows).Select(value)]);
}
