namespace Peregrine.Training.Planning;

/// <summary>What becomes of a field of the prepared record.</summary>
public enum ColumnHandling
{
    /// <summary>Not used; the reason is in the plan.</summary>
    Reject,

    Number,

    Category,

    /// <summary>Parts of the calendar and the clock.</summary>
    DateParts,
}

/// <summary>The plan for one field.</summary>
/// <param name="Name">A column of the table, or a field made by a preparation step.</param>
/// <param name="Reason">Why, for people: the ground of a rejection or of a guess.</param>
public sealed record ColumnPlan(string Name, ColumnHandling Handling, string Reason);
