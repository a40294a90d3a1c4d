using System.IO.Compression;

namespace Peregrine.Datasets.Csv;

/// <summary>The unpacked content of a gzip stream, which says at its end whether the stream was whole.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes a stream that was cut for one that ended, and half a table would be read without a word. The last
/// four bytes of gzip (RFC 1952) are the length of the last member modulo 2^32; they are compared with what was unpacked.
/// </remarks>
internal sealed class GzipContent : Stream
{
    /// <summary>Header and trailer of RFC 1952 around two bytes of data that unpack to none.</summary>
    private const int ShortestMember = 20;

    private readonly Stream _packed;
    private readonly long _start;
    private readonly TailStream _tail;
    private readonly GZipStream _unpacked;
    private long _length;
    private bool _checked;

    /// <param name="packed">The whole gzip file; a seekable one lets files of several members be checked too.</param>
    /// <param name="view">The stream to read the same bytes from.</param>
    public GzipContent(Stream packed, long start, Stream view)
    {
        _packed = packed;
        _start = start;
        _tail = new TailStream(view);
        _unpacked = new GZipStream(_tail, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = _unpacked.Read(buffer);
        _length += read;
        if (read == 0 && !buffer.IsEmpty && !_checked)
        {
            _checked = true;
            if ((uint)_length != _tail.LastFour && !EndsWithAWholeMember()) throw new InvalidDataException("The gzip stream ends early.");
        }

        return read;
    }

    /// <summary>Of several members the last one's length counts: looks for its beginning from the end of the file on.</summary>
    private bool EndsWithAWholeMember()
    {
        if (!_packed.CanSeek || _packed.Length - _start < ShortestMember) return false;
        var from = Math.Max(_start, _packed.Length - (1 << 24));
        var end = new byte[_packed.Length - from];
        _packed.Position = from;
        _packed.ReadExactly(end);
        for (var at = end.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]); at >= 0; at = end.AsSpan(0, at).LastIndexOf((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]))
        {
            if (IsWholeMember(end, at)) return true;
        }

        return false;
    }

    private static bool IsWholeMember(byte[] end, int at)
    {
        try
        {
            using var member = new GZipStream(new MemoryStream(end, at, end.Length - at, writable: false), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            uint length = 0;
            for (int read; (read = member.Read(buffer)) > 0;) length += (uint)read;
            return length == BitConverter.ToUInt32(end.AsSpan(end.Length - 4));
        }
        catch (InvalidDataException)
        {
            return false; // the three bytes stood there by chance
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Remembers the last four bytes that passed.</summary>
    private sealed class TailStream(Stream inner) : Stream
    {
        public uint LastFour { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            foreach (var b in buffer[Math.Max(0, read - 4)..read]) LastFour = (LastFour >> 8) | ((uint)b << 24);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
