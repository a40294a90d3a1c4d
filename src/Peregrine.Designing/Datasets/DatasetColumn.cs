namespace Peregrine.Designing.Datasets;

/// <summary>A column as the wire names it.</summary>
/// <param name="Type">Storage type: <c>string, bigint, double, boolean, date, dateonly</c>.</param>
/// <param name="Meaning">What people call it, when it was given.</param>
public sealed record DatasetColumn(string Name, string Type, string? Meaning = null);
