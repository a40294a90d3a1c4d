using System.Text;
using System.Text.Json;
using Peregrine.Models.Artifacts;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Models.Tests.Preparation;

public sealed class PreparationProgramTests
{
    private static readonly Field[] s_inputs =
    [
        new("card", FieldKind.Text), new("amount", FieldKind.Number), new("at", FieldKind.DateTime), new("born", FieldKind.Date),
        new("lat", FieldKind.Number), new("lon", FieldKind.Number), new("shopLat", FieldKind.Number), new("shopLon", FieldKind.Number),
    ];

    [Fact]
    public void Lookup_KnownKey_BringsItsRow()
    {
        var record = Run("""{"card":"042"}""", new LookupStep { Table = "cards", Key = "card", Columns = [new("limit"), new("city", "home")] });
        Number(record, "limit").ShouldBe(500);
        Text(record, "home").ShouldBe("Zürich");
    }

    [Theory]
    [InlineData("""{"card":"007"}""")]
    [InlineData("""{"card":null}""")]
    [InlineData("""{"card":"43"}""")]
    public void Lookup_NoMatchOrMissingCell_LeavesTheOutputsMissing(string json)
    {
        var record = Run(json, new LookupStep { Table = "cards", Key = "card", Columns = [new("limit"), new("city")] });
        double.IsNaN(Number(record, "limit")).ShouldBeTrue();
        Text(record, "city").ShouldBeNull();
    }

    [Theory]
    [InlineData("null", 7)]
    [InlineData("3", 3)]
    public void Fill_MissingNumber_BecomesTheConstant(string value, double expected) =>
        Number(Run($$"""{"amount":{{value}}}""", new FillStep { Field = "amount", Value = "7" }), "amount").ShouldBe(expected);

    [Theory]
    [InlineData("  Ab1 ", "ab1")]
    [InlineData(" N/A", null)]
    [InlineData("   ", null)]
    [InlineData("Éa", "Éa")]
    public void CleanText_TrimsLowersAndDropsWords(string text, string? expected) =>
        Text(Run($$"""{"card":"{{text}}"}""", new CleanTextStep { Field = "card", Case = LetterCase.Lower, MissingWords = ["n/a"] }), "card")
            .ShouldBe(expected);

    [Theory]
    [InlineData(OutOfRange.Clip, 250, 100)]
    [InlineData(OutOfRange.Clip, -1, 0)]
    [InlineData(OutOfRange.Clip, 5, 5)]
    [InlineData(OutOfRange.Missing, 250, double.NaN)]
    public void Range_NumberOutside_IsClippedOrMissing(OutOfRange outside, double value, double expected) =>
        Number(Run($$"""{"amount":{{value}}}""", new RangeStep { Field = "amount", Min = 0, Max = 100, Outside = outside }), "amount").ShouldBe(expected);

    [Fact]
    public void Elapsed_BetweenBirthAndPayment_IsTheAgeInYears()
    {
        var record = Run("""{"born":"1974-01-01","at":"2024-01-01 12:00:00"}""",
            new ElapsedStep { From = "born", To = "at", Unit = TimeUnit.Years, Output = "age" });
        Number(record, "age").ShouldBe((18262 + 0.5) / 365.2425, 1e-12);
    }

    [Fact]
    public void Distance_ParisToLondon_IsTheKnownGreatCircle()
    {
        var record = Run("""{"lat":48.8566,"lon":2.3522,"shopLat":51.5074,"shopLon":-0.1278}""", new DistanceStep
        {
            FromLatitude = "lat", FromLongitude = "lon", ToLatitude = "shopLat", ToLongitude = "shopLon", Output = "km",
        });
        Number(record, "km").ShouldBe(343.56, 0.05);
    }

    [Fact]
    public void Ratio_ByZero_IsMissing()
    {
        var ratio = new RatioStep { Numerator = "amount", Denominator = "lat", Output = "r" };
        Number(Run("""{"amount":6,"lat":4}""", ratio), "r").ShouldBe(1.5);
        double.IsNaN(Number(Run("""{"amount":6,"lat":0}""", ratio), "r")).ShouldBeTrue();
    }

    [Fact]
    public void Compile_StepThatDoesNotFit_SaysFieldAndStep()
    {
        Should.Throw<ModelException>(() => Run("{}", new FillStep { Field = "amout", Value = "1" })).Message.ShouldContain("'amout'");
        Should.Throw<ModelException>(() => Run("{}", new FillStep { Field = "amount", Value = "x" })).Message.ShouldContain("no Number");
        Should.Throw<ModelException>(() => Run("{}", new RangeStep { Field = "card" })).Message.ShouldContain("is Text");
        Should.Throw<ModelException>(() => Run("{}", new RatioStep { Numerator = "amount", Denominator = "lat", Output = "lon" })).Message.ShouldContain("exists already");
        Should.Throw<ModelException>(() => Run("{}", new LookupStep { Table = "x", Key = "card", Columns = [] })).Message.ShouldContain("'x'");
    }

    [Fact]
    public void LookupTable_KeyTwice_IsRefusedWithBothRows() =>
        Should.Throw<ModelException>(() => new LookupTable(["a"u8.ToArray(), "b"u8.ToArray(), "a"u8.ToArray()], []))
            .Message.ShouldContain("rows 1 and 3");

    [Fact]
    public void Json_AbsentMembers_KeepTheirDefaults()
    {
        var step = (CleanTextStep)JsonSerializer.Deserialize("""{"type":"cleanText","field":"f"}""", ModelJson.Default.PreparationStep)!;
        step.ShouldBe(new CleanTextStep { Field = "f", MissingWords = step.MissingWords });
        step.Trim.ShouldBeTrue();
        step.MissingWords.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(MultipleMatches.Ignore, NoMatch.Missing, "b", "MULTIPLE_LOOKUP_MATCHES", double.NaN)]
    [InlineData(MultipleMatches.Ignore, NoMatch.Missing, "a", null, 1)]
    [InlineData(MultipleMatches.Ignore, NoMatch.Missing, "z", null, double.NaN)]
    [InlineData(MultipleMatches.First, NoMatch.Missing, "b", null, 2)]
    [InlineData(MultipleMatches.First, NoMatch.Ignore, "b", null, 2)]
    [InlineData(MultipleMatches.First, NoMatch.Ignore, "z", "NO_LOOKUP_MATCH", double.NaN)]
    [InlineData(MultipleMatches.Ignore, NoMatch.Ignore, "z", "NO_LOOKUP_MATCH", double.NaN)]
    [InlineData(MultipleMatches.Ignore, NoMatch.Ignore, null, null, double.NaN)]
    public void Lookup_ByItsOptions_TakesTheFirstRowOrRulesTheRecordOut(MultipleMatches multiple, NoMatch none, string? key, string? reason, double expected)
    {
        var step = new LookupStep { Table = "t", Key = "card", Columns = [new("n")], OnMultiple = multiple, OnNoMatch = none };
        var program = PreparationProgram.Compile(s_inputs, [step, new FillStep { Field = "amount", Value = "7" }], new Dictionary<string, LookupTable> { ["t"] = Repeated(marks: true) });
        program.CanIgnore.ShouldBe(step.CanIgnore);
        var record = new TypedRecord(program.Layout.Count);
        if (key is not null) record.SetText(program.Layout.IndexOf("card"), Encoding.UTF8.GetBytes(key));
        program.Apply(record).ShouldBe(reason);
        record.Number(program.Layout.IndexOf("n")).ShouldBe(expected);
        record.Number(program.Layout.IndexOf("amount")).ShouldBe(reason is null ? 7 : double.NaN); // nothing runs behind it
    }

    [Fact]
    public void LookupTable_OfFirstRows_KeepsTheFirstOfEachKeyAndItsBytesSayWhichWereRepeated()
    {
        var table = Repeated(marks: true);
        (table.Rows, table.RepeatedRows).ShouldBe((3, 1));
        using var written = new MemoryStream();
        table.Write(written);
        written.Position = 0;
        var read = LookupTable.Read(written);
        foreach (var (key, number, repeated) in new[] { ("a", 1.0, false), ("b", 2, true), ("c", 5, false) })
        {
            var row = read.IndexOf(Encoding.UTF8.GetBytes(key));
            read.Columns[0].Number(row).ShouldBe(number);
            read.IsRepeated(row).ShouldBe(repeated);
        }
    }

    [Fact]
    public void LookupTable_WithoutRepeatedKeys_IsWrittenAsBefore()
    {
        using var written = new MemoryStream();
        Repeated(marks: false).Write(written);
        Encoding.ASCII.GetString(written.ToArray(), 0, 4).ShouldBe("PGL1");
        JsonSerializer.Serialize<PreparationStep>(new LookupStep { Table = "t", Key = "k", Columns = [] }, ModelJson.Default.PreparationStep).ShouldNotContain("\"on");
    }

    [Theory]
    [InlineData(new[] { 1, 0 })]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { -1 })]
    public void LookupTable_OfStrayRepeatedRows_IsRefused(int[] repeated) =>
        Should.Throw<ModelException>(() => new LookupTable(["a"u8.ToArray(), "b"u8.ToArray()], [], repeated));

    private static LookupTable Repeated(bool marks) => LookupTable.OfFirstRows(
        ["a"u8.ToArray(), "b"u8.ToArray(), "b"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray()], [new(new("n", FieldKind.Number), [1, 2, 3, 4, 5])], marks);

    internal static LookupTable Cards() => new(
        ["042"u8.ToArray(), "43"u8.ToArray()],
        [
            new(new("limit", FieldKind.Number), [500, double.NaN]),
            new(new("city", FieldKind.Text), new byte[]?[] { Encoding.UTF8.GetBytes("Zürich"), null }),
        ]);

    private static (PreparationProgram Program, TypedRecord Record) Run(string json, params PreparationStep[] steps)
    {
        var program = PreparationProgram.Compile(s_inputs, steps, new Dictionary<string, LookupTable> { ["cards"] = Cards() });
        var record = new TypedRecord(program.Layout.Count);
        var scanner = new JsonScanner(Encoding.UTF8.GetBytes(json));
        new RecordReader(program.Inputs, [], refuseUnknown: true, refuseMissing: false).Read(ref scanner, record).ShouldBe(RecordFault.None);
        program.Apply(record);
        return (program, record);
    }

    private static double Number((PreparationProgram Program, TypedRecord Record) run, string field) =>
        run.Record.Number(run.Program.Layout.IndexOf(field));

    private static string? Text((PreparationProgram Program, TypedRecord Record) run, string field) =>
        run.Record.TryGetText(run.Program.Layout.IndexOf(field), out var text) ? Encoding.UTF8.GetString(text) : null;
}
