namespace Peregrine.Client;

public sealed record ColumnItem(string Name, string Type);
