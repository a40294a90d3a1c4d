using Peregrine.Datasets.Tables;
using Peregrine.Models;
using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training.Splitting;

namespace Peregrine.Training.Planning;

/// <summary>A request with everything settled that its algorithms share: target, rows of each part, prepared training rows, plan.</summary>
internal sealed record TrainingData
{
    private const int FewestRows = 20;
    private const double FitShare = 0.85;

    public required TrainingRequest Request { get; init; }

    public required TargetValues Target { get; init; }

    public required TrainingPlan Plan { get; init; }

    /// <summary>Rows of the table to learn from, ascending.</summary>
    public required int[] Train { get; init; }

    public required int[] Test { get; init; }

    /// <summary>Places in <see cref="Train"/>: the rows fitted first, and those set aside to stop and to choose the threshold by.</summary>
    public required int[] Fit { get; init; }

    /// <inheritdoc cref="Fit"/>
    public required int[] Validation { get; init; }

    /// <summary>The training rows after preparation, by columns.</summary>
    public required Table Prepared { get; init; }

    public Table Table => Request.Table;

    /// <exception cref="TrainingException">The request does not fit the table.</exception>
    public static TrainingData Create(TrainingRequest request, CancellationToken cancellationToken)
    {
        var table = request.Table;
        foreach (var name in request.Ignore.Where(name => table.Find(name) is null)) throw Names.Unknown("The ignored column", name, table.Columns.Select(c => c.Name));
        if (request.Ignore.Contains(request.Target))
            throw new TrainingException(TrainingErrorCode.BadRequest, $"The target '{request.Target}' is also ignored.", "Take it out of one of the two.", request.Target);
        var fields = table.Columns.Where(column => column.Name != request.Target).Select(column => column.Field).ToList();
        var (target, ruledOut) = RuledOutRows.LeaveOut(TargetReader.Read(request), Compile(fields, request.Steps, request), table, cancellationToken);
        if (target.Rows.Length < FewestRows)
            throw new TrainingException(
                TrainingErrorCode.TooFewRows, $"The table has {target.Rows.Length:N0} usable rows; at least {FewestRows} are needed.", "Upload more rows.");
        var (train, test) = target.Prediction == PredictionKind.Clustering ? (target.Rows, target.Rows) : RowSplitter.Split(table, target, request.Split);
        CheckParts(target, train, test);
        var times = TimePlanner.Plan(Compile(fields, request.Steps, request).Layout, request);
        PreparationStep[] steps = [.. request.Steps, .. times.Steps];
        var prepared = RowPreparer.Run(Compile(fields, steps, request), table, train, cancellationToken);
        var columns = new ColumnPlanner(request, prepared, times, steps).Plan();
        var unknown = request.Handling.Keys.FirstOrDefault(name => prepared.Find(name) is null);
        if (unknown is not null) throw Names.Unknown("The handled column", unknown, prepared.Columns.Select(c => c.Name));
        if (columns.All(column => column.Handling == ColumnHandling.Reject)) throw NoFeatures(columns);
        var (fit, validation) = Inner(request, target, train);
        return new TrainingData
        {
            Request = request, Target = target, Train = train, Test = test, Fit = fit, Validation = validation, Prepared = prepared,
            Plan = new TrainingPlan
            {
                Target = target.Name, Prediction = target.Prediction, Classes = target.Classes, Steps = steps, Columns = columns,
                Warnings = [.. Warnings(request, target, table, train, test), .. ruledOut],
            },
        };
    }

    private static PreparationProgram Compile(List<Field> fields, IReadOnlyList<PreparationStep> steps, TrainingRequest request)
    {
        try
        {
            return PreparationProgram.Compile(fields, steps, request.Lookups);
        }
        catch (ModelException fault)
        {
            throw new TrainingException(TrainingErrorCode.BadRequest, fault.Message, "Change or remove the preparation step.", cause: fault);
        }
    }

    private static (int[] Fit, int[] Validation) Inner(TrainingRequest request, TargetValues target, int[] train)
    {
        if (target.Prediction == PredictionKind.Clustering) return ([.. Enumerable.Range(0, train.Length)], []);
        var (fit, validation) = RowSplitter.Inner(request.Table, target, request.Split, train, FitShare, request.Seed);
        int[] Places(int[] rows) => Array.ConvertAll(rows, row => Array.BinarySearch(train, row));
        return (Places(fit), Places(validation));
    }

    private static void CheckParts(TargetValues target, int[] train, int[] test)
    {
        if (train.Length < 10 || test.Length < 2)
            throw new TrainingException(
                TrainingErrorCode.TooFewRows, $"The split leaves {train.Length:N0} rows to train on and {test.Length:N0} to test on.", "Upload more rows, or choose another share.");
        if (target.Prediction is PredictionKind.Regression or PredictionKind.Clustering) return;
        var inTrain = train.Select(target.ClassOf).Distinct().Count();
        if (inTrain == target.Classes.Count) return;
        var lost = Enumerable.Range(0, target.Classes.Count).Except(train.Select(target.ClassOf)).First();
        throw new TrainingException(
            TrainingErrorCode.TargetUnusable, $"No training row has the class '{target.Classes[lost]}'.", "Split at random, choose another share, or leave the class out.", target.Name);
    }

    private static List<string> Warnings(TrainingRequest request, TargetValues target, Table table, int[] train, int[] test)
    {
        var warnings = new List<string>();
        foreach (var column in table.Columns.Where(column => column.IsAllMissing && column.Name != target.Name))
            warnings.Add($"Column '{column.Name}' is empty in every row and is not used.");
        if (target.Missing > 0) warnings.Add($"{target.Missing:N0} rows without a target were left out.");
        if (target.Prediction == PredictionKind.Clustering && train.Length > request.Clustering.MostFitRows)
            warnings.Add($"Centroids were found on {request.Clustering.MostFitRows:N0} of the {train.Length:N0} rows, drawn at random; all rows were put into clusters.");
        if (target.Prediction is PredictionKind.Regression or PredictionKind.Clustering) return warnings;
        foreach (var (rows, part) in new[] { (train, "training"), (test, "test") })
        {
            var counts = rows.CountBy(target.ClassOf).ToDictionary(pair => pair.Key, pair => pair.Value);
            for (var c = 0; c < target.Classes.Count; c++)
            {
                var count = counts.GetValueOrDefault(c);
                if (count < 10) warnings.Add($"Only {count} {part} rows have the class '{target.Classes[c]}': the figures are not firm.");
            }
        }

        return warnings;
    }

    private static TrainingException NoFeatures(IReadOnlyList<ColumnPlan> columns) => new(
        TrainingErrorCode.NoFeatures,
        $"No column is left to learn from: {string.Join("; ", columns.Take(5).Select(column => $"'{column.Name}' {column.Reason}"))}.",
        "Ignore fewer columns, or say how a rejected one is to be handled.");
}
