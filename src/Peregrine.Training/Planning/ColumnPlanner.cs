using System.Globalization;
using Peregrine.Datasets.Profiles;
using Peregrine.Datasets.Tables;
using Peregrine.Models.Preparation;
using Peregrine.Records;

namespace Peregrine.Training.Planning;

/// <summary>Guesses what becomes of each prepared field, from the training rows alone, and says why.</summary>
internal sealed class ColumnPlanner(TrainingRequest request, Table prepared, TimePlanner times, IReadOnlyList<PreparationStep> steps)
{
    private const double IdShareOfNumbers = 0.98;
    private const double IdShareOfTexts = 0.2;
    private const int FewTexts = 30;
    private readonly DisguisedIds _disguisedIds = new(prepared, request.Ignore);

    public IReadOnlyList<ColumnPlan> Plan() => [.. prepared.Columns.Select(Plan)];

    private ColumnPlan Plan(TableColumn column)
    {
        var name = column.Name;
        if (request.Ignore.Contains(name)) return Reject(name, "ignored as asked");
        if (column.IsAllMissing) return Reject(name, "empty in every row");
        if (request.Handling.TryGetValue(name, out var wanted)) return new(name, Fits(column, wanted), "as asked");
        var profile = ColumnProfiler.Profile(column);
        if (profile.Distinct == 1 && profile.Missing == 0) return Reject(name, $"the same value in every row: {Shorten(profile.Top[0].Value)}");
        return column.Kind switch
        {
            FieldKind.Text => OfText((TextColumn)column, profile),
            FieldKind.Date or FieldKind.DateTime => OfDate(profile),
            FieldKind.Boolean => new(name, ColumnHandling.Number, "yes or no"),
            _ => OfNumber((NumberColumn)column, profile),
        };
    }

    private ColumnPlan OfText(TextColumn column, ColumnProfile profile)
    {
        var values = profile.Rows - profile.Missing;
        if (profile.Distinct > FewTexts && profile.Distinct > IdShareOfTexts * values)
            return Reject(profile.Name, string.Create(CultureInfo.InvariantCulture, $"{profile.Distinct:N0} different texts in {values:N0} rows: an id or free text"));
        return _disguisedIds.Behind(column) is { } id
            ? Reject(profile.Name, $"tells the values of the ignored '{id}' apart: an id in disguise")
            : new(profile.Name, ColumnHandling.Category, string.Create(CultureInfo.InvariantCulture, $"{profile.Distinct:N0} different values"));
    }

    private ColumnPlan OfDate(ColumnProfile profile)
    {
        if (profile.Name == times.Happened) return new(profile.Name, ColumnHandling.DateParts, "the moment of the row");
        var measured = steps.OfType<ElapsedStep>().FirstOrDefault(step => step.From == profile.Name || step.To == profile.Name);
        return measured is not null && times.Happened is not null
            ? Reject(profile.Name, $"used through '{measured.Output}', its distance in time")
            : new(profile.Name, ColumnHandling.DateParts, "a date");
    }

    private ColumnPlan OfNumber(NumberColumn column, ColumnProfile profile)
    {
        var values = profile.Rows - profile.Missing;
        if (CopyOfAMoment(column) is { } moment) return Reject(profile.Name, $"the same moment as '{moment}', as a number");
        if (column.Kind == FieldKind.Integer && values >= 200 && profile.Distinct >= IdShareOfNumbers * values)
            return Reject(profile.Name, "a different whole number in nearly every row: an id, a row number or a time stamp");
        return new(profile.Name, ColumnHandling.Number, column.Kind == FieldKind.Integer ? "whole numbers" : "numbers");
    }

    /// <summary>The moment or date that a column repeats as seconds or milliseconds, up to a fixed offset.</summary>
    private string? CopyOfAMoment(NumberColumn column)
    {
        foreach (var other in prepared.Columns)
        {
            if (other is not NumberColumn moments || other.Kind is not (FieldKind.DateTime or FieldKind.Date)) continue;
            if (Follows(column, moments, 1) || Follows(column, moments, 1e3) || Follows(column, moments, 1.0 / 86_400)) return other.Name;
        }

        return null;
    }

    private static bool Follows(NumberColumn column, NumberColumn moments, double scale)
    {
        var offset = double.NaN;
        var tolerance = Math.Max(1e-6, scale * 1e-3);
        for (var row = 0; row < column.Rows; row++)
        {
            if (column.IsMissing(row) != moments.IsMissing(row)) return false;
            if (column.IsMissing(row)) continue;
            var difference = column[row] - moments[row] * scale;
            if (double.IsNaN(offset)) offset = difference;
            else if (Math.Abs(difference - offset) > tolerance) return false;
        }

        return !double.IsNaN(offset);
    }

    private static ColumnHandling Fits(TableColumn column, ColumnHandling wanted)
    {
        var fits = wanted switch
        {
            ColumnHandling.Category => column.Kind == FieldKind.Text,
            ColumnHandling.DateParts => column.Kind is FieldKind.Date or FieldKind.DateTime,
            ColumnHandling.Number => column.Kind != FieldKind.Text,
            _ => true,
        };
        return fits ? wanted : throw new TrainingException(
            TrainingErrorCode.BadRequest, $"Column '{column.Name}' is {column.Kind} and cannot be handled as {wanted}.",
            "Take another handling, or leave it to the guess.", column.Name);
    }

    private static ColumnPlan Reject(string name, string reason) => new(name, ColumnHandling.Reject, reason);

    private static string Shorten(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
