using Peregrine.Serving.Predictions;

namespace Peregrine.Serving.Kinds.Caching;

/// <summary>An answer that is given more than once: what its kind wrote, without what differs between calls.</summary>
/// <param name="Results">Where each record's result stands in <paramref name="Utf8"/>.</param>
/// <param name="Ignored">Records that were ignored.</param>
internal sealed record CachedAnswer(byte[] Utf8, Piece[] Results, int Ignored)
{
    private const int Overhead = 200; // objects, entry and list node

    /// <summary>Memory that it takes, in bytes, without its key.</summary>
    public long Bytes => Utf8.Length + (Results.Length * 8L) + Overhead;
}
