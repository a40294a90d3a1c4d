namespace Peregrine.Packages.Archives;

/// <summary>What a reader takes at most. Entries are stored uncompressed, so lengths cannot explode.</summary>
public sealed record PackageLimits
{
    /// <summary>Entries with the manifest, default 1,000.</summary>
    public int MaxEntries { get; init; } = 1000;

    /// <summary>Bytes of one entry, default 512 MiB.</summary>
    public long MaxEntryBytes { get; init; } = 512L << 20;

    /// <summary>Bytes of the archive, default 1 GiB.</summary>
    public long MaxArchiveBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of the manifest, default 4 MiB.</summary>
    public long MaxManifestBytes { get; init; } = 4L << 20;

    public static PackageLimits Default { get; } = new();
}
