using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Peregrine.Contracts.Files;

namespace Peregrine.Serving.QueryLog.Columns;

/// <summary>The key of hashed columns: the operator's, or one made at random on first use and kept in <c>query-log-hash.key</c>.</summary>
internal sealed class ColumnHashKey(IOptions<QueryLogOptions> options, IOptions<ServingOptions> node)
{
    private const int Bytes = 32;
    private const int ShownBytes = 16;

    private byte[]? _key;

    /// <summary>32 lower-case hex digits: the first half of HMAC-SHA256.</summary>
    /// <param name="value">The value's text, without quotes.</param>
    /// <param name="digits">At least 32 bytes.</param>
    public void Hash(ReadOnlySpan<byte> value, Span<byte> digits)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key ??= Read(), value, hash);
        Convert.TryToHexStringLower(hash[..ShownBytes], digits, out _);
    }

    private byte[] Read()
    {
        if (options.Value.HashKey is { } given) return Encoding.UTF8.GetBytes(given);
        var path = Path.Combine(node.Value.DataDirectory, "query-log-hash.key");
        if (File.Exists(path)) return Convert.FromHexString(File.ReadAllText(path).Trim());
        var key = RandomNumberGenerator.GetBytes(Bytes);
        var temporary = DurableFile.TemporaryPathFor(path);
        var rights = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) rights.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, rights))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)));
            file.Flush(flushToDisk: true);
        }

        DurableFile.MoveIntoPlace(temporary, path);
        return key;
    }
}
