using System.Text.Json;
using Peregrine.Models.Drift;

namespace Peregrine.Packages.Drift;

/// <summary>Kinds of fields and of tests as the wire spells them.</summary>
internal static class FieldKinds
{
    public const string Number = "NUMBER";
    public const string Category = "CATEGORY";
    public const string HourOfDay = "HOUR_OF_DAY";
    public const string DayOfWeek = "DAY_OF_WEEK";

    public const string KolmogorovSmirnov = "KS";
    public const string ChiSquare = "CHI_SQUARE";

    public static string Of(ReferenceKind kind) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(kind.ToString());
}
