using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training.Planning;

namespace Peregrine.Training.Tests.Planning;

public sealed class TrainingPlanTests
{
    [Fact]
    public void Plan_FraudTable_GuessesRolesAndSaysWhy()
    {
        var plan = new Trainer().Plan(new TrainingRequest { Table = SampleTables.Fraud, Target = "is_fraud", Ignore = ["trans_num"] });

        plan.Prediction.ShouldBe(PredictionKind.BinaryClassification);
        plan.Classes.ShouldBe(["0", "1"]);
        Handling("amt").ShouldBe(ColumnHandling.Number);
        Handling("merchant").ShouldBe(ColumnHandling.Category);
        Handling("trans_date_trans_time").ShouldBe(ColumnHandling.DateParts);
        Handling("trans_num").ShouldBe(ColumnHandling.Reject);
        Handling("days_from_dob").ShouldBe(ColumnHandling.Number);
        Handling("dob").ShouldBe(ColumnHandling.Reject);
        Column("unix_time").Reason.ShouldContain("same moment as 'trans_date_trans_time'");
        plan.Steps.OfType<ElapsedStep>().Single().From.ShouldBe("dob");

        ColumnPlan Column(string name) => plan.Columns.Single(column => column.Name == name);
        ColumnHandling Handling(string name) => Column(name).Handling;
    }

    [Fact]
    public void Plan_TextsThatNameAnIgnoredId_AreRejectedWithIt()
    {
        var plan = new Trainer().Plan(new TrainingRequest { Table = SampleTables.Fraud, Target = "is_fraud", Ignore = ["trans_num", "cc_num"] });

        plan.Columns.Where(column => column.Reason.Contains("ignored 'cc_num'")).Select(column => column.Name)
            .ShouldBe(["first", "last", "street", "city", "zip", "job"]);
        plan.Columns.Single(column => column.Name == "state").Handling.ShouldBe(ColumnHandling.Category);
        plan.Columns.Single(column => column.Name == "merchant").Handling.ShouldBe(ColumnHandling.Category);
    }

    [Fact]
    public void Plan_BikeTable_IsARegressionWithoutTheRowNumber()
    {
        var plan = new Trainer().Plan(new TrainingRequest { Table = SampleTables.Bikes, Target = "cnt" });

        plan.Prediction.ShouldBe(PredictionKind.Regression);
        plan.Columns.Single(column => column.Name == "instant").Handling.ShouldBe(ColumnHandling.Reject);
        plan.Columns.Single(column => column.Name == "dteday").Handling.ShouldBe(ColumnHandling.DateParts);
    }

    [Fact]
    public void Plan_UselessColumns_AreRejectedWithTheReason()
    {
        var made = SampleTables.MadeFor("label", 500);
        var table = new Table([
            .. made.Columns, TextColumn.Of("empty", Enumerable.Repeat<string?>(null, 500)), TextColumn.Of("same", Enumerable.Repeat<string?>("x", 500)),
            new NumberColumn(new Field("number", FieldKind.Integer), [.. Enumerable.Range(0, 500).Select(row => (double)row)])]);

        var plan = new Trainer().Plan(new TrainingRequest { Table = table, Target = "label" });

        Reason("empty").ShouldContain("empty");
        Reason("same").ShouldContain("same value");
        Reason("id").ShouldContain("id");
        Reason("number").ShouldContain("row number");
        plan.Warnings.ShouldContain(warning => warning.Contains("'empty'"));

        string Reason(string name) => plan.Columns.Single(column => column.Name == name && column.Handling == ColumnHandling.Reject).Reason;
    }

    [Theory]
    [InlineData("no yes", "no", "yes")]
    [InlineData("0 1", "0", "1")]
    [InlineData("common common common rare", "common", "rare")]
    [InlineData("FALSE TRUE TRUE TRUE", "FALSE", "TRUE")]
    [InlineData("<=50K <=50K <=50K >50K", "<=50K", ">50K")]
    public void Plan_BinaryTarget_PutsThePositiveClassLast(string values, string negative, string positive)
    {
        var labels = values.Split(' ');
        var made = SampleTables.MadeFor("label", 400);
        var table = new Table([.. made.Columns.Where(column => column.Name != "label"), TextColumn.Of("t", Enumerable.Range(0, 400).Select(row => labels[row % labels.Length]))]);

        new Trainer().Plan(new TrainingRequest { Table = table, Target = "t" }).Classes.ShouldBe([negative, positive]);
        new Trainer().Plan(new TrainingRequest { Table = table, Target = "t", PositiveClass = negative }).Classes.ShouldBe([positive, negative]);
    }

    [Fact]
    public void Plan_UnknownNames_SuggestTheNearest()
    {
        var table = SampleTables.MadeFor("label", 100);

        Refusal(new TrainingRequest { Table = table, Target = "Labell" }).Hint.ShouldBe("Did you mean 'label'?");
        Refusal(new TrainingRequest { Table = table, Target = "nothing like it" }).Hint.ShouldContain("x, y, at");
        Refusal(new TrainingRequest { Table = table, Target = "label", Ignore = ["clor"] }).Hint.ShouldBe("Did you mean 'color'?");
    }

    [Fact]
    public void Plan_UnusableTarget_IsRefused()
    {
        var made = SampleTables.MadeFor("label", 100);
        Table With(IEnumerable<string?> target) => new([.. made.Columns.Where(column => column.Name != "label"), TextColumn.Of("t", target)]);

        Refusal(new TrainingRequest { Table = With(Enumerable.Repeat("a", 100)), Target = "t" }).Code.ShouldBe(TrainingErrorCode.TargetUnusable);
        var missing = Refusal(new TrainingRequest { Table = With(Enumerable.Range(0, 100).Select(row => row is 3 or 8 ? null : row % 2 == 0 ? "a" : "b")), Target = "t" });
        missing.Code.ShouldBe(TrainingErrorCode.TargetMissing);
        missing.Message.ShouldContain("2 of 100");
        missing.Row.ShouldBe(5); // the header is row 1
        Refusal(new TrainingRequest { Table = With(Enumerable.Repeat<string?>(null, 100)), Target = "t" }).Code.ShouldBe(TrainingErrorCode.TargetMissing);
        Refusal(new TrainingRequest { Table = SampleTables.MadeFor("label", 15), Target = "label" }).Code.ShouldBe(TrainingErrorCode.TooFewRows);
        Refusal(new TrainingRequest { Table = SampleTables.MadeFor("label", 300), Target = "id" }).Code.ShouldBe(TrainingErrorCode.TargetUnusable);
        Refusal(new TrainingRequest { Table = made, Target = "label", Ignore = ["x", "y", "at", "born", "color", "id"] }).Code.ShouldBe(TrainingErrorCode.NoFeatures);
    }

    [Fact]
    public void Plan_MissingTargetsDropped_AreLeftOutWithAWarning()
    {
        var made = SampleTables.MadeFor("label", 100);
        var table = new Table([.. made.Columns.Where(column => column.Name != "label"), TextColumn.Of("t", Enumerable.Range(0, 100).Select(row => row < 10 ? null : row % 2 == 0 ? "a" : "b"))]);

        var plan = new Trainer().Plan(new TrainingRequest { Table = table, Target = "t", DropRowsWithoutTarget = true });

        plan.Warnings.ShouldContain(warning => warning.StartsWith("10 rows"));
    }

    private static TrainingException Refusal(TrainingRequest request) => Should.Throw<TrainingException>(() => new Trainer().Plan(request));
}
