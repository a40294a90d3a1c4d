using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Records;

namespace Peregrine.Packages.Archives;

/// <summary>
/// The archive comment of a package: a marker and the SHA-256 of all bytes before that hash. It stands at the very end of the
/// file, so a missing or changed byte anywhere, also where zip itself would not notice, shows before the archive is parsed.
/// </summary>
internal static class PackageSeal
{
    private const string Marker = "peregrine-package sha256:";
    private const int HashLength = 64;
    private const int ChunkSize = 128 * 1024;

    /// <summary>A comment of the right length, to be completed by <see cref="Close"/>.</summary>
    public static readonly string Open = Marker + new string('0', HashLength);

    /// <summary>Puts the hash at the end of a finished archive that carries the open seal.</summary>
    /// <returns>Digest of the whole archive.</returns>
    public static string Close(Stream archive)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        archive.Position = 0;
        Append(hash, archive, archive.Length - HashLength);
        var seal = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetCurrentHash()));
        archive.Position = archive.Length - HashLength;
        archive.Write(seal);
        archive.Flush();
        hash.AppendData(seal);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <returns>Digest of the whole archive.</returns>
    /// <exception cref="PackageException">The seal is missing or broken.</exception>
    public static string Check(Stream archive)
    {
        if (archive.Length < Open.Length) throw Missing();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        archive.Position = 0;
        Append(hash, archive, archive.Length - HashLength);
        var wanted = Encoding.ASCII.GetBytes(Marker + Convert.ToHexStringLower(hash.GetCurrentHash()));
        var found = new byte[Open.Length];
        archive.Position = archive.Length - Open.Length;
        archive.ReadExactly(found);
        if (!found.AsSpan(0, Marker.Length).SequenceEqual(wanted.AsSpan(0, Marker.Length))) throw Missing();
        if (!found.AsSpan().SequenceEqual(wanted)) throw Broken();
        hash.AppendData(found.AsSpan(Marker.Length));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Stream source, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (count > 0)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(count, ChunkSize));
                source.ReadExactly(part);
                hash.AppendData(part);
                count -= part.Length;
                LongWork.GiveWay();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static PackageException Missing() => new(
        PackageFaultCode.NotAPackage, string.Empty, "The file does not end in the seal of a package: it is something else, was cut short, or was packed again by another program.",
        "Take the archive as the API Designer made it.");

    private static PackageException Broken() => new(
        PackageFaultCode.NotAPackage, string.Empty, "The file was changed after the package was made: its content does not match its seal.",
        "Take the archive again from where it was made.");
}
