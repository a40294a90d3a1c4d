using Peregrine.Datasets.Tests.Csv;
using Peregrine.Records;

namespace Peregrine.Datasets.Tests.Tables;

public sealed class RecordFillerTests
{
    [Fact]
    public void Fill_PartOfTheColumnsInAnotherOrder_LandsInTheirSlots()
    {
        var table = CsvText.Read("a,b,c\n1,x,2.5\n,,3\n");
        var filler = table.Bind(new RecordSchema([new Field("c", FieldKind.Number), new Field("b", FieldKind.Text), new Field("a", FieldKind.Number)]));
        var record = new TypedRecord(3);

        filler.Fill(0, record);
        record.Number(0).ShouldBe(2.5);
        record.TryGetText(1, out var text).ShouldBeTrue();
        text.SequenceEqual("x"u8).ShouldBeTrue();
        record.Number(2).ShouldBe(1);

        filler.Fill(1, record);
        record.TryGetText(1, out _).ShouldBeFalse();
        double.IsNaN(record.Number(2)).ShouldBeTrue();
    }

    [Fact]
    public void Bind_UnknownColumnOrTextAsNumber_IsRefused()
    {
        var table = CsvText.Read("a,b\n1,x\n");

        Should.Throw<ArgumentException>(() => table.Bind(new RecordSchema([new Field("z", FieldKind.Number)]))).Message.ShouldContain("'z'");
        Should.Throw<ArgumentException>(() => table.Bind(new RecordSchema([new Field("b", FieldKind.Number)]))).Message.ShouldContain("Text");
    }
}
