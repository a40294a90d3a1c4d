using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper.Configuration;
using Peregrine.Datasets.Csv;
using Peregrine.Records;

namespace Peregrine.Datasets.Tests.Csv;

public sealed class CsvTableReaderTests
{
    [Theory]
    [InlineData("a,b\n1,x\n2,y\n", ',')]
    [InlineData("a;b\n1;x\n2;y\n", ';')]
    [InlineData("a\tb\n1\tx\n2\ty\n", '\t')]
    [InlineData("a|b\n1|x\n2|y\n", '|')]
    [InlineData("a,b\r\n1,x\r\n2,y", ',')]
    [InlineData("a,b\r1,x\r2,y\r", ',')]
    [InlineData("\uFEFFa,b\n1,x\n2,y\n", ',')]
    [InlineData("a;b\n\"1\";\"x\"\n\n2;y\n\n", ';')]
    [InlineData("a, b\n1, x\n2, y\n", ',')]
    public void Read_AnySeparatorAndLineEnd_GivesTheSameTable(string text, char delimiter)
    {
        var read = CsvText.ReadAll(Encoding.UTF8.GetBytes(text));

        read.Format.Delimiter.ShouldBe(delimiter);
        read.Table.Schema.Fields.ShouldBe([new Field("a", FieldKind.Integer), new Field("b", FieldKind.Text)]);
        read.Table.Texts("a").ShouldBe(["1", "2"]);
        read.Table.Texts("b").ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Read_QuotedFields_KeepSeparatorsLineEndsAndQuotes()
    {
        var table = CsvText.Read("a,b\n\"x, \"\"y\"\"\",1\n\"line\nbreak\",2\n5\" disk,3\n\"\",4\n");

        table.Texts("a").ShouldBe(["x, \"y\"", "line\nbreak", "5\" disk", null]);
    }

    [Fact]
    public void Read_DelimiterOfDecimalComma_IsFoundByEqualRows()
    {
        var read = CsvText.ReadAll("name;price\nBolt, long;1,25\nNut;0,5\n"u8.ToArray());

        read.Format.Delimiter.ShouldBe(';');
        read.Table.Texts("name").ShouldBe(["Bolt, long", "Nut"]);
    }

    [Fact]
    public void Read_OneColumn_KeepsEmptyLinesAsRows()
    {
        var table = CsvText.Read("a\n1\n\n3\n");

        table.Rows.ShouldBe(3);
        table.Texts("a").ShouldBe(["1", null, "3"]);
    }

    [Fact]
    public void Read_Gzip_IsKnownByItsBytes()
    {
        CsvText.ReadAll(Gzip("a,b\n1,2\n")).Table.Texts("b").ShouldBe(["2"]);
    }

    [Theory]
    [InlineData("1 2 3", FieldKind.Integer)]
    [InlineData("1 -2 2.5", FieldKind.Number)]
    [InlineData("1.0 2.0", FieldKind.Number)]
    [InlineData("1e3 2", FieldKind.Number)]
    [InlineData("07503 97115", FieldKind.Text)]
    [InlineData("-012 5", FieldKind.Text)]
    [InlineData("+49 5", FieldKind.Text)]
    [InlineData("6011010440474222 5", FieldKind.Text)]
    [InlineData("123456789012345 5", FieldKind.Integer)]
    [InlineData("36.011293000000001 5", FieldKind.Number)]
    [InlineData("0.5 0", FieldKind.Number)]
    [InlineData("true FALSE True", FieldKind.Boolean)]
    [InlineData("true 1", FieldKind.Text)]
    [InlineData("0 1", FieldKind.Integer)]
    [InlineData("2024-02-29 2024-03-01", FieldKind.Date)]
    [InlineData("2023-02-29 2024-03-01", FieldKind.Text)]
    [InlineData("2024-02-29T10:00:00Z 2024-03-01", FieldKind.DateTime)]
    [InlineData("2024-03-01 5", FieldKind.Text)]
    [InlineData("1 two", FieldKind.Text)]
    [InlineData("inf 1", FieldKind.Text)]
    public void Read_Column_KindIsDecidedOverAllRows(string values, FieldKind expected)
    {
        CsvText.Read("a,b\n" + string.Concat(values.Split(' ').Select(value => $"{value},\n"))).Columns[0].Kind.ShouldBe(expected);
    }

    [Fact]
    public void Read_MissingTokens_CountInColumnsOfNumbersOnly()
    {
        var table = CsvText.Read("n,t,e\n1,NA,\nNA,x,\n?,-,\n,,\n2.5,y,\n");

        table.Find("n")!.Kind.ShouldBe(FieldKind.Number);
        table.Find("n")!.Missing.ShouldBe(3);
        table.Find("n")!.MissingTokens.ShouldBe(["?", "NA"]);
        table.Texts("t").ShouldBe(["NA", "x", "-", null, "y"]);
        table.Find("t")!.MissingTokens.ShouldBeEmpty();
        table.Find("e")!.IsAllMissing.ShouldBeTrue();
    }

    [Fact]
    public void Read_NumbersUntilTheLastRow_TextIsKeptAsItStood()
    {
        var table = CsvText.Read("a,b\n1.50,0\n NA,0\n2e3,0\nend,0\n");

        table.Texts("a").ShouldBe(["1.50", " NA", "2e3", "end"]);
    }

    [Fact]
    public void Read_TokensOnly_StayText()
    {
        CsvText.Read("a,b\nNA,1\n-,2\n").Texts("a").ShouldBe(["NA", "-"]);
    }

    [Theory]
    [InlineData("a,b\n1,2\n1,2,3\n", 3, null)]
    [InlineData("a,b\n1,2\n\n1\n", 4, "b")]
    [InlineData("a,b\n\"1\n1\",2\n1\n", 3, "b")]
    public void Read_RaggedRow_IsRefusedWithItsRow(string text, int row, string? column)
    {
        var refusal = CsvText.Refusal(text, new CsvReadOptions { Format = CsvFormat.Comma });

        refusal.Code.ShouldBe(DatasetErrorCode.RaggedRow);
        refusal.Row.ShouldBe(row);
        refusal.Column.ShouldBe(column);
        refusal.Message.ShouldContain("the header has 2");
        refusal.Hint.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("a,,c\n1,2,3\n", DatasetErrorCode.EmptyColumnName, "2")]
    [InlineData("a,b,a\n1,2,3\n", DatasetErrorCode.DuplicateColumnName, "a")]
    [InlineData("1,2.5,2024-01-01\n2,3.5,2024-01-02\n", DatasetErrorCode.NoHeader, null)]
    [InlineData("1,2,\n2,3,5\n", DatasetErrorCode.NoHeader, null)]
    [InlineData("39,Private,2174,Male\n50,Self-emp,0,Female\n38,Private,0,Male\n", DatasetErrorCode.NoHeader, null)]
    [InlineData("M,yes\nF,no\nM,no\nF,yes\n", DatasetErrorCode.NoHeader, null)]
    public void Read_BadHeader_IsRefused(string text, DatasetErrorCode code, string? column)
    {
        var refusal = CsvText.Refusal(text);

        refusal.Code.ShouldBe(code);
        refusal.Column.ShouldBe(column);
        refusal.Row.ShouldBe(1);
    }

    [Theory]
    [InlineData("country,2011,2012\nFrance,5,6\nPeru,7,8\n")]
    [InlineData("a,b\nb,a\na,c\n", "only one of two text headers is a value")]
    [InlineData("id,name\n1,name\n2,x\n", "the number column has a name")]
    public void Read_OddHeader_IsAccepted(string text, string? because = null)
    {
        CsvText.Read(text).Rows.ShouldBe(2, because);
    }

    [Fact]
    public void Read_InvalidUtf8_NamesRowAndByte()
    {
        var bytes = Encoding.UTF8.GetBytes("name,n\nJosé,1\nRene,2\n");
        bytes[Array.IndexOf(bytes, (byte)'R') + 3] = 0xE9; // Latin-1 é

        var refusal = CsvText.Refusal(bytes);

        refusal.Code.ShouldBe(DatasetErrorCode.WrongEncoding);
        refusal.Row.ShouldBe(3);
        refusal.Message.ShouldContain("0xE9");
        refusal.Message.ShouldContain("position 4 of the row");
        refusal.Message.ShouldContain("19 of the file");
    }

    [Fact]
    public void Read_Utf16_IsRefusedByName()
    {
        CsvText.Refusal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a,b\n1,2\n")]).Message.ShouldContain("UTF-16");
        CsvText.Refusal(Encoding.BigEndianUnicode.GetBytes("a,b\n1,2\n")).Code.ShouldBe(DatasetErrorCode.WrongEncoding);
    }

    [Theory]
    [InlineData("PK\u0003\u0004rest", "Excel")]
    [InlineData("PAR1rest", "Parquet")]
    [InlineData("a,b\n\0\u0001\u0002,2", "binary")]
    [InlineData("[{\"a\": 1}]", "JSON")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    public void Read_OtherFormats_AreRefusedByContent(string text, string names)
    {
        var refusal = CsvText.Refusal(text);

        refusal.Code.ShouldBe(DatasetErrorCode.NotCsv);
        refusal.Message.ShouldContain(names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("a,b\n")]
    public void Read_NothingInIt_IsRefusedAsEmpty(string text) => CsvText.Refusal(text).Code.ShouldBe(DatasetErrorCode.Empty);

    [Theory]
    [InlineData(2000)]
    [InlineData(8)]
    [InlineData(1)]
    public void Read_CutGzip_IsRefusedInsteadOfReadInPart(int cut)
    {
        var packed = Gzip("a,b\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},{i * 7919L % 10007}\n")));

        CsvText.Refusal(packed[..^cut]).Code.ShouldBe(DatasetErrorCode.BrokenArchive);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_GzipThatIsLittleMoreThanItsMark_IsRefused(int length) =>
        CsvText.Refusal([0x1F, 0x8B, 8, .. new byte[length - 3]]).Code.ShouldBe(DatasetErrorCode.BrokenArchive);

    [Fact]
    public void Read_DamagedGzip_IsRefused()
    {
        var packed = Gzip("a,b\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},{i * 7919L % 10007}\n")));
        for (var at = 100; at < 200; at++) packed[at] = 0xFF;

        CsvText.Refusal(packed).Code.ShouldBe(DatasetErrorCode.BrokenArchive);
    }

    [Fact]
    public void Read_GzipOfSeveralMembers_IsReadToItsEnd()
    {
        CsvText.ReadAll([.. Gzip("a,b\n1,2\n"), .. Gzip("3,4\n"), .. Gzip("5,6\n")]).Table.Texts("b").ShouldBe(["2", "4", "6"]);
    }

    [Fact]
    public void Read_UnclosedQuote_NamesTheRowWhereItOpens()
    {
        var refusal = CsvText.Refusal("a,b\n1,2\n3,\"x\n5,6\n");

        refusal.Code.ShouldBe(DatasetErrorCode.BadQuotes);
        refusal.Row.ShouldBe(3);
    }

    [Fact]
    public void Read_TextBehindAClosingQuote_IsRefused()
    {
        CsvText.Refusal("a,b\n1,\"x\"y\n").Code.ShouldBe(DatasetErrorCode.BadQuotes);
    }

    [Fact]
    public void Read_OverALimit_IsRefused()
    {
        CsvText.Refusal("a,b\n1,2\n3,4\n", new CsvReadOptions { MaxRows = 1 }).Code.ShouldBe(DatasetErrorCode.TooLarge);
        CsvText.Refusal("a,b\n1,2\n", new CsvReadOptions { MaxColumns = 1 }).Code.ShouldBe(DatasetErrorCode.TooLarge);
        CsvText.Refusal("a,b\n1,2\n", new CsvReadOptions { MaxBytes = 5 }).Code.ShouldBe(DatasetErrorCode.TooLarge);
        CsvText.Refusal("a,b\n1,\"" + new string('x', 1 << 20), new CsvReadOptions { MaxRowBytes = 1 << 19 }).Code.ShouldBe(DatasetErrorCode.TooLarge);
    }

    [Fact]
    public void Read_TwoFiles_StandBehindEachOther()
    {
        var table = CsvTableReader.Read([new MemoryStream("a,b\n1,x\n"u8.ToArray()), new MemoryStream("a,b\n2.5,y\n"u8.ToArray())]).Table;

        table.Texts("a").ShouldBe(["1", "2.5"]);
        table.Columns[0].Kind.ShouldBe(FieldKind.Number);
        Should.Throw<DatasetException>(() => CsvTableReader.Read([new MemoryStream("a,b\n1,x\n"u8.ToArray()), new MemoryStream("a,c\n2,y\n"u8.ToArray())]))
            .Code.ShouldBe(DatasetErrorCode.ColumnsDiffer);
    }

    [Fact]
    public void Read_RandomFiles_AgreeWithCsvHelper()
    {
        var random = new Random(5);
        string[] pieces = ["a", "é", "\"", ",", "\n", "\r\n", "x y", "", "5", "🙂"];
        for (var round = 0; round < 200; round++)
        {
            var text = new StringBuilder("c0,c1,c2\n");
            for (var row = 0; row < 30; row++)
            {
                var cells = Enumerable.Range(0, 3).Select(_ =>
                {
                    var cell = string.Concat(random.GetItems(pieces, random.Next(4)));
                    return cell.AsSpan().ContainsAny("\",\n\r") || random.Next(4) == 0 ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
                });
                text.Append(string.Join(',', cells)).Append(random.Next(2) == 0 ? "\n" : "\r\n");
            }

            var table = CsvText.Read(text.ToString(), new CsvReadOptions { Format = CsvFormat.Comma });

            using var oracle = new CsvHelper.CsvParser(new StringReader(text.ToString()), new CsvConfiguration(CultureInfo.InvariantCulture));
            oracle.Read();
            for (var row = 0; row < table.Rows; row++)
            {
                oracle.Read().ShouldBeTrue();
                for (var column = 0; column < 3; column++)
                    (table.Columns[column].Text(row) ?? "").ShouldBe(oracle[column], $"round {round}, row {row}, column {column}");
            }

            oracle.Read().ShouldBeFalse();
        }
    }

    [Fact]
    public void Read_ReaderThatGivesFewBytes_GivesTheSameTable()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"\"x,\"\"{i}\"\"\r\n\",{i}\r\n"));
        var whole = CsvText.Read(text);

        var dripped = CsvTableReader.Read(new DrippingStream(Encoding.UTF8.GetBytes(text))).Table;

        dripped.Texts("a").ShouldBe(whole.Texts("a"));
        dripped.Texts("b").ShouldBe(whole.Texts("b"));
    }

    [Fact]
    public void Read_FraudTable_IsTypedAsItsReadmeSaysAndFast()
    {
        CsvTableReader.Read(SampleData.Open("adult.csv.gz")); // warm-up
        var clock = Stopwatch.StartNew();

        var table = CsvTableReader.Read(SampleData.Open("fraud_transactions.csv.gz")).Table;

        TestContext.Current.SendDiagnosticMessage($"fraud table read in {clock.ElapsedMilliseconds} ms");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10)); // 3 s is the aim on a free core
        table.Rows.ShouldBe(134_144);
        table.Schema.Fields.ToDictionary(field => field.Name, field => field.Kind).ShouldBe(new Dictionary<string, FieldKind>
        {
            ["trans_date_trans_time"] = FieldKind.DateTime, ["cc_num"] = FieldKind.Text, ["merchant"] = FieldKind.Text, ["category"] = FieldKind.Text,
            ["amt"] = FieldKind.Number, ["first"] = FieldKind.Text, ["last"] = FieldKind.Text, ["gender"] = FieldKind.Text, ["street"] = FieldKind.Text,
            ["city"] = FieldKind.Text, ["state"] = FieldKind.Text, ["zip"] = FieldKind.Text, ["lat"] = FieldKind.Number, ["long"] = FieldKind.Number,
            ["city_pop"] = FieldKind.Integer, ["job"] = FieldKind.Text, ["dob"] = FieldKind.Date, ["trans_num"] = FieldKind.Text,
            ["unix_time"] = FieldKind.Integer, ["merch_lat"] = FieldKind.Number, ["merch_long"] = FieldKind.Number, ["is_fraud"] = FieldKind.Integer,
        });
        ((Datasets.Tables.TextColumn)table.Find("trans_num")!).Dictionary.Count.ShouldBe(134_144);
        ((Datasets.Tables.TextColumn)table.Find("merchant")!).Dictionary.Count.ShouldBe(693);
        ((Datasets.Tables.NumberColumn)table.Find("is_fraud")!).Values.ToArray().Sum().ShouldBe(1279);
    }

    private static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private sealed class DrippingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(7, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(7, count));
    }
}
