using System.Buffers;
using System.Buffers.Text;
using Peregrine.Records;

namespace Peregrine.Serving.Predictions;

/// <summary>
/// A growing piece of UTF-8 text in pooled memory, with what writing JSON by hand needs. Belongs to one thread between
/// <see cref="Rent"/> and <see cref="Return"/>.
/// </summary>
internal sealed class Utf8Output : IBufferWriter<byte>
{
    private const int FirstBytes = 16 * 1024;
    private const int MostKeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static Utf8Output? t_spare;

    private byte[] _bytes = new byte[FirstBytes];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>An empty output; the last one that this thread gave back, if it did.</summary>
    public static Utf8Output Rent()
    {
        var output = t_spare ?? new Utf8Output();
        t_spare = null;
        output.Length = 0;
        return output;
    }

    public static void Return(Utf8Output output)
    {
        if (output._bytes.Length <= MostKeptBytes) t_spare = output;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(Length);
    }

    public void Write(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(Length));
        Length += utf8.Length;
    }

    public void Write(byte utf8)
    {
        Reserve(1);
        _bytes[Length++] = utf8;
    }

    public void WriteInteger(long value)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(Length), out var written);
        Length += written;
    }

    /// <summary>The shortest text that reads back to the same bits; <c>null</c> when not finite.</summary>
    public void WriteDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            Write("null"u8);
            return;
        }

        Reserve(NumberText.Longest);
        Length += NumberText.Write(value, _bytes.AsSpan(Length));
    }

    /// <summary>Milliseconds with three decimals.</summary>
    public void WriteMilliseconds(long microseconds)
    {
        Reserve(24);
        Length += JsonText.FormatMilliseconds(microseconds, _bytes.AsSpan(Length));
    }

    /// <summary>Drops what was written after a length noted earlier.</summary>
    public void CutTo(int length) => Length = length;

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
    }
}
