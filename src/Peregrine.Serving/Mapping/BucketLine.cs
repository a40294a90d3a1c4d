using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace Peregrine.Serving.Mapping;

/// <summary>
/// The shares of a mapping laid out on 10,000 buckets. A key always falls into the same bucket for the same salt; without a key
/// the bucket is drawn at random. Immutable and thread-safe; picking allocates nothing.
/// </summary>
public sealed class BucketLine
{
    public const int Buckets = 10_000;
    private const int StackBytes = 512;

    private readonly byte[] _owners; // bucket -> entry
    private readonly byte[] _salt;

    /// <param name="shares">Shares per entry, in order; they sum to 1. At most 256 entries.</param>
    public BucketLine(IReadOnlyList<double> shares, string salt)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shares.Count, 256, nameof(shares));
        _salt = Encoding.UTF8.GetBytes(salt);
        _owners = new byte[Buckets];
        var ends = Ends(shares);
        for (int bucket = 0, entry = 0; bucket < Buckets; bucket++)
        {
            while (bucket >= ends[entry]) entry++;
            _owners[bucket] = (byte)entry;
        }
    }

    /// <summary>The entry that a random request goes to.</summary>
    public int PickRandom(Random random) => _owners[random.Next(Buckets)];

    /// <summary>The entry that a key always goes to.</summary>
    public int PickSticky(ReadOnlySpan<byte> key) => _owners[BucketOf(key)];

    /// <summary>XxHash64 over salt and key, modulo the number of buckets.</summary>
    public int BucketOf(ReadOnlySpan<byte> key)
    {
        var length = _salt.Length + key.Length;
        var rented = length > StackBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        var salted = rented is null ? stackalloc byte[StackBytes] : rented;
        try
        {
            _salt.CopyTo(salted);
            key.CopyTo(salted[_salt.Length..]);
            return (int)(XxHash64.HashToUInt64(salted[..length]) % Buckets);
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Where each entry's buckets end: rounded cumulative shares, so no entry is off by more than one bucket.</summary>
    private static int[] Ends(IReadOnlyList<double> shares)
    {
        var ends = new int[shares.Count];
        var sum = 0.0;
        var lastWithShare = 0;
        for (var i = 0; i < shares.Count; i++)
        {
            sum += shares[i];
            ends[i] = (int)Math.Round(sum * Buckets, MidpointRounding.AwayFromZero);
            if (shares[i] > 0) lastWithShare = i;
        }

        for (var i = lastWithShare; i < ends.Length; i++) ends[i] = Buckets;
        return ends;
    }
}
