using System.Globalization;
using Peregrine.Datasets.Profiles;
using Peregrine.Records;
using Peregrine.Web.Text;

namespace Peregrine.Web.Datasets;

/// <summary>A column as its head shows it.</summary>
public sealed record ColumnCard
{
    public required string Name { get; init; }
    public required string TypeWord { get; init; }
    public required string TypeIcon { get; init; }
    public required bool IsNumeric { get; init; }
    public required double MissingShare { get; init; }
    public required long Missing { get; init; }
    public required int Distinct { get; init; }

    /// <summary>Rows per bin, or per value for the most frequent ones.</summary>
    public required IReadOnlyList<long> Bars { get; init; }

    /// <summary>One line: range and mean, or the most frequent value.</summary>
    public required string Summary { get; init; }
    public string? Warning { get; init; }

    public static ColumnCard Of(ColumnProfile profile) => new()
    {
        Name = profile.Name,
        TypeWord = Word(profile.Kind),
        TypeIcon = Icon(profile.Kind),
        IsNumeric = profile.Kind is FieldKind.Number or FieldKind.Integer,
        MissingShare = profile.MissingShare,
        Missing = profile.Missing,
        Distinct = profile.Distinct,
        Bars = BarsOf(profile),
        Summary = SummaryOf(profile),
        Warning = profile.Warning,
    };

    private static IReadOnlyList<long> BarsOf(ColumnProfile profile)
    {
        if (profile is { Kind: not FieldKind.Boolean, Distinct: > 12, Numbers: { } numbers }) return [.. numbers.Histogram.Select(bin => (long)bin.Count)];
        return [.. profile.Top.Take(12).Select(value => (long)value.Count)];
    }

    private static string SummaryOf(ColumnProfile profile) => profile switch
    {
        { Distinct: 0 } => "empty",
        { Kind: FieldKind.DateTime or FieldKind.Date, Numbers: { } moments } => $"{Day(moments.Min)} to {Day(moments.Max)}",
        { Kind: FieldKind.Number or FieldKind.Integer, Numbers: { } numbers } => $"{Figures.Value(numbers.Min)} to {Figures.Value(numbers.Max)}, mean {Figures.Value(numbers.Mean)}",
        { Top: [var first, ..] } => $"{Figures.Count(profile.Distinct, "value")}, most: {first.Value}",
        _ => Figures.Count(profile.Distinct, "value"),
    };

    private static string Day(double seconds) => DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Word(FieldKind kind) => kind switch
    {
        FieldKind.Number => "number",
        FieldKind.Integer => "integer",
        FieldKind.Boolean => "boolean",
        FieldKind.DateTime => "date and time",
        FieldKind.Date => "date",
        _ => "text",
    };

    private static string Icon(FieldKind kind) => kind switch
    {
        FieldKind.Number or FieldKind.Integer => "hash",
        FieldKind.Boolean => "toggle-left",
        FieldKind.DateTime => "clock",
        FieldKind.Date => "calendar",
        _ => "type",
    };
}
