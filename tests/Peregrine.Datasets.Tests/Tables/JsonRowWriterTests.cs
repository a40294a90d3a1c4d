using System.Text;
using Peregrine.Datasets.Csv;
using Peregrine.Datasets.Tables;
using Peregrine.Datasets.Tests.Csv;
using Peregrine.Records;

namespace Peregrine.Datasets.Tests.Tables;

public sealed class JsonRowWriterTests
{
    [Fact]
    public void ToUtf8_Row_IsWhatACallerWouldSend()
    {
        var table = CsvText.Read("t,zip,n,i,b,d,m,e\n2024-01-01 00:07:18,07503,0.1,4139,True,1972-01-27,\"<=50K \"\"é\"\"\",\n");

        Encoding.UTF8.GetString(new JsonRowWriter(table).ToUtf8(0)).ShouldBe(
            """{"t":"2024-01-01 00:07:18","zip":"07503","n":0.1,"i":4139,"b":true,"d":"1972-01-27","m":"<=50K \"é\"","e":null}""");
        Encoding.UTF8.GetString(new JsonRowWriter(table, ["n", "zip"]).ToUtf8(0)).ShouldBe("""{"n":0.1,"zip":"07503"}""");
    }

    [Theory]
    [InlineData("fraud_transactions.csv.gz")]
    [InlineData("adult.csv.gz")]
    [InlineData("bike_sharing_hourly.csv.gz")]
    public void ToUtf8_EveryRow_ReadsBackToTheSameBits(string file)
    {
        var table = CsvTableReader.Read(SampleData.Open(file)).Table;
        var writer = new JsonRowWriter(table);
        var reader = new RecordReader(table.Schema, [], refuseUnknown: true, refuseMissing: true);
        var filler = table.Bind(table.Schema);
        var direct = new TypedRecord(table.Schema.Count);
        var parsed = new TypedRecord(table.Schema.Count);

        for (var row = 0; row < table.Rows; row += 3)
        {
            filler.Fill(row, direct);
            ReadBack(reader, writer.ToUtf8(row), parsed);
            for (var slot = 0; slot < table.Schema.Count; slot++)
            {
                BitConverter.DoubleToInt64Bits(parsed.Number(slot)).ShouldBe(BitConverter.DoubleToInt64Bits(direct.Number(slot)));
                parsed.TryGetText(slot, out var left).ShouldBe(direct.TryGetText(slot, out var right));
                left.SequenceEqual(right).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void ToUtf8_MomentsWithFractionsAndZones_ReadBackToTheSameBits()
    {
        var random = new Random(3);
        var moments = Enumerable.Range(0, 2000).Select(_ =>
            $"{random.Next(1900, 2100)}-{random.Next(1, 13):00}-{random.Next(1, 29):00}T{random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00}.{random.Next(10_000_000):0000000}+0{random.Next(10)}:30");
        var table = CsvText.Read("t,n\n" + string.Concat(moments.Select(moment => $"{moment},1\n")));
        table.Columns[0].Kind.ShouldBe(FieldKind.DateTime);

        for (var row = 0; row < table.Rows; row++)
        {
            var text = Encoding.UTF8.GetBytes(table.Columns[0].Text(row)!);
            FieldParsing.TryDateTime(text, out var again).ShouldBeTrue();
            again.ShouldBe(((NumberColumn)table.Columns[0])[row]);
        }
    }

    private static void ReadBack(RecordReader reader, byte[] json, TypedRecord record)
    {
        record.Clear();
        var scanner = new JsonScanner(json);
        var fault = reader.Read(ref scanner, record);
        fault.IsNone.ShouldBeTrue(fault.ToString());
    }
}
