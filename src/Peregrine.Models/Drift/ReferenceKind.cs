namespace Peregrine.Models.Drift;

/// <summary>How the values of a field are counted. The last cell of each kind is for missing values.</summary>
public enum ReferenceKind
{
    /// <summary>Edges: cell i holds (edge i - 1, edge i]; the first lies below what training saw, the last above.</summary>
    Number,

    /// <summary>A moment by its hour, UTC: 24 cells. A moment itself never comes back.</summary>
    HourOfDay,

    /// <summary>A day by its weekday, Monday first: 7 cells.</summary>
    DayOfWeek,

    /// <summary>One cell per frequent value, one for the other known values, one for values that are not known.</summary>
    Category,

    /// <summary>Ids and free text: one cell for any value.</summary>
    Text,
}
