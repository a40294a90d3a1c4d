using Peregrine.Datasets.Csv;
using Peregrine.Datasets.Tables;
using Peregrine.Records;

namespace Peregrine.Training.Tests;

/// <summary>Real tables beside the repository, and small made ones.</summary>
internal static class SampleTables
{
    private static readonly Lazy<Table> s_fraud = new(() => Read("fraud_transactions.csv.gz"));
    private static readonly Lazy<Table> s_adult = new(() => Read("adult.csv.gz"));
    private static readonly Lazy<Table> s_bikes = new(() => Read("bike_sharing_hourly.csv.gz"));

    public static Table Fraud => s_fraud.Value;

    public static Table Adult => s_adult.Value;

    public static Table Bikes => s_bikes.Value;

    /// <summary>
    /// Two numbers, a category, a moment, a day of birth, an id and three targets that depend on them: <c>label</c> (yes/no), <c>kind</c> (three classes) and
    /// <c>value</c> (a number).
    /// </summary>
    public static Table Made(int rows = 2000, int seed = 7)
    {
        var random = new Random(seed);
        var x = new double[rows];
        var y = new double[rows];
        var at = new double[rows];
        var born = new double[rows];
        var value = new double[rows];
        var color = new string?[rows];
        var id = new string[rows];
        var label = new string[rows];
        var kind = new string[rows];
        for (var row = 0; row < rows; row++)
        {
            x[row] = random.NextDouble() * 10;
            y[row] = random.Next(10) == 0 ? double.NaN : random.NextDouble();
            at[row] = 1_700_000_000 + row * 3600;
            born[row] = Math.Floor(random.NextDouble() * 10_000) * 86_400;
            color[row] = random.Next(20) == 0 ? null : (string[])["red", "green", "blue"] is var colors ? colors[random.Next(3)] : null;
            id[row] = $"id-{row:00000}";
            var score = x[row] - 5 + (color[row] == "red" ? 2 : 0) + random.NextDouble() - 0.5;
            value[row] = score * 3 + 1;
            label[row] = score > 1 ? "yes" : "no";
            kind[row] = score > 2 ? "c" : score > -1 ? "b" : "a";
        }

        return new Table([
            new NumberColumn(new Field("x", FieldKind.Number), x), new NumberColumn(new Field("y", FieldKind.Number), y),
            new NumberColumn(new Field("at", FieldKind.DateTime), at), new NumberColumn(new Field("born", FieldKind.Date), born),
            TextColumn.Of("color", color), TextColumn.Of("id", id), TextColumn.Of("label", label), TextColumn.Of("kind", kind),
            new NumberColumn(new Field("value", FieldKind.Number), value)]);
    }

    /// <summary>The made table with one target; the other two are left out.</summary>
    public static Table MadeFor(string target, int rows = 2000) =>
        new(Made(rows).Columns.Where(column => column.Name == target || column.Name is not ("label" or "kind" or "value")));

    private static Table Read(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx"))) folder = folder.Parent;
        var path = Path.GetFullPath(Path.Combine(folder!.FullName, "..", "shared", "data", name));
        Assert.SkipUnless(File.Exists(path), $"the sample table {name} is not beside the repository");
        using var file = File.OpenRead(path);
        return CsvTableReader.Read(file).Table;
    }
}
