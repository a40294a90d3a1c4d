using Peregrine.Datasets.Storage;
using Peregrine.Datasets.Tables;

namespace Peregrine.Designing.Datasets;

/// <summary>A dataset's rows with what tells which content it is.</summary>
/// <param name="Reference"><c>PROJECT.name</c>.</param>
internal sealed record DatasetContent(string Reference, string StorageId, Table Table, StoredDataset Stored);
