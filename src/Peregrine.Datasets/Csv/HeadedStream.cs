namespace Peregrine.Datasets.Csv;

/// <summary>A forward stream whose beginning can be looked at before it is read, and whose length has a limit.</summary>
internal sealed class HeadedStream : Stream
{
    private readonly Stream _inner;
    private readonly byte[] _head;
    private readonly int _headLength;
    private readonly long _limit;
    private readonly bool _ownsInner;
    private int _headRead;
    private long _given;

    /// <summary>Reads ahead at most <paramref name="headBytes"/> bytes.</summary>
    public HeadedStream(Stream inner, int headBytes, long limit, bool ownsInner = false)
    {
        _inner = inner;
        _limit = limit;
        _ownsInner = ownsInner;
        _head = new byte[headBytes];
        _headLength = inner.ReadAtLeast(_head, headBytes, throwOnEndOfStream: false);
    }

    /// <summary>What of the beginning was not read yet.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(_headRead, _headLength - _headRead);

    public int SkippedBytes { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Skip(int bytes)
    {
        SkippedBytes += bytes;
        _headRead += bytes;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        var head = Head;
        var read = Math.Min(head.Length, buffer.Length);
        if (read > 0)
        {
            head[..read].CopyTo(buffer);
            _headRead += read;
        }
        else read = _inner.Read(buffer);

        _given += read;
        if (_given > _limit)
            throw new DatasetException(
                DatasetErrorCode.TooLarge, $"The file holds more than {_limit:N0} bytes after decompression.", "Upload a sample of the rows.");
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _ownsInner) _inner.Dispose();
        base.Dispose(disposing);
    }
}
