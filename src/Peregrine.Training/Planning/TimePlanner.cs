using Peregrine.Models.Preparation;
using Peregrine.Records;
using Peregrine.Training.Splitting;

namespace Peregrine.Training.Planning;

/// <summary>
/// Decides which moment a row is about, and turns every other date into its distance from it: a day of birth tells nothing by its
/// place in the calendar, an age does.
/// </summary>
internal sealed class TimePlanner
{
    private TimePlanner(string? happened, IReadOnlyList<ElapsedStep> steps)
    {
        Happened = happened;
        Steps = steps;
    }

    /// <summary>The moment of the row; null when there is none, or only dates.</summary>
    public string? Happened { get; }

    /// <summary>The steps to add behind those of the request.</summary>
    public IReadOnlyList<ElapsedStep> Steps { get; }

    /// <param name="layout">Fields after the request's own steps.</param>
    public static TimePlanner Plan(RecordSchema layout, TrainingRequest request)
    {
        var dates = layout.Fields.Where(field => field.Kind is FieldKind.Date or FieldKind.DateTime && !request.Ignore.Contains(field.Name)).ToList();
        var happened = request.Split is TimeSplit split && dates.Exists(field => field.Name == split.Column)
            ? split.Column
            : dates.Find(field => field.Kind == FieldKind.DateTime)?.Name;
        if (happened is null) return new(null, []);
        var measured = request.Steps.OfType<ElapsedStep>().SelectMany(step => step.ReadFields()).ToHashSet(StringComparer.Ordinal);
        var steps = dates
            .Where(field => field.Name != happened && !request.Handling.ContainsKey(field.Name) && !measured.Contains(field.Name))
            .Select(field => new ElapsedStep { From = field.Name, To = happened, Unit = TimeUnit.Days, Output = FreeName($"days_from_{field.Name}", layout) });
        return new(happened, [.. steps]);
    }

    private static string FreeName(string wanted, RecordSchema layout)
    {
        while (layout.IndexOf(wanted) >= 0) wanted += "_";
        return wanted;
    }
}
