namespace Peregrine.Designing.Datasets;

/// <summary>An uploaded file of a dataset.</summary>
/// <param name="Path">The name it was uploaded under.</param>
/// <param name="Size">Bytes, as uploaded.</param>
public sealed record DatasetFile(string Path, long Size, DateTimeOffset UploadedOn);
