using Peregrine.Datasets.Tables;

namespace Peregrine.Datasets.Csv;

/// <summary>A table with the separators its file was read by.</summary>
public sealed record CsvTable(Table Table, CsvFormat Format);
