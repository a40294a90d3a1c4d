namespace Peregrine.Records;

/// <summary>One named column of a table or member of a record.</summary>
public sealed record Field(string Name, FieldKind Kind);
