using System.Numerics;
using System.Runtime.CompilerServices;

namespace Peregrine.Serving.QueryLog;

/// <summary>
/// A bounded queue of byte strings in one block of memory: many writers without a lock, one reader, no allocation. When it is
/// full a claim fails at once.
/// </summary>
/// <remarks>
/// Frames lie one after the other, aligned to 8 bytes: frame length (0 until committed, negative for filler at the block's end),
/// payload length, payload. A writer moves the tail by compare-and-swap, writes its payload and commits by storing the frame
/// length; the reader stops at the first frame that is not committed and clears what it has read. The scheme is that of Agrona's
/// many-to-one ring buffer.
/// </remarks>
internal sealed class ByteRing
{
    private const int HeaderBytes = 8;
    private const int Alignment = 8;

    private readonly byte[] _block;
    private readonly int _mask;
    private Position _tail;
    private Position _head;

    /// <param name="bytes">Rounded up to a power of two.</param>
    public ByteRing(int bytes)
    {
        _block = GC.AllocateArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)bytes), pinned: true);
        _mask = _block.Length - 1;
    }

    /// <summary>Longest payload that a claim may ask for.</summary>
    public int MaxPayload => _block.Length / 4;

    /// <summary>Bytes in use, an instant's estimate.</summary>
    public long Used => Volatile.Read(ref _tail.Value) - Volatile.Read(ref _head.Value);

    /// <summary>Where the next claim begins; rises from claim to claim.</summary>
    public long Tail => Volatile.Read(ref _tail.Value);

    /// <summary>Up to where payloads have been read.</summary>
    public long Head => Volatile.Read(ref _head.Value);

    /// <summary>Reserves room. Each claim that succeeded must be committed, with length 0 to give it up: the reader waits for it.</summary>
    public bool TryClaim(int maxLength, out Claim claim)
    {
        claim = default;
        if ((uint)maxLength > (uint)MaxPayload) return false;
        var frame = (maxLength + HeaderBytes + Alignment - 1) & ~(Alignment - 1);
        while (true)
        {
            var tail = Volatile.Read(ref _tail.Value);
            var index = (int)tail & _mask;
            var filler = _block.Length - index < frame ? _block.Length - index : 0;
            if (tail + filler + frame - Volatile.Read(ref _head.Value) > _block.Length) return false;
            if (Interlocked.CompareExchange(ref _tail.Value, tail + filler + frame, tail) != tail) continue;
            if (filler > 0)
            {
                Volatile.Write(ref FrameLength(index), -filler);
                index = 0;
            }

            claim = new Claim(this, index, frame, maxLength, tail);
            return true;
        }
    }

    /// <summary>Moves as many whole payloads as fit to <paramref name="destination"/>, which must hold <see cref="MaxPayload"/>. One reader only.</summary>
    /// <param name="enough">Bytes with which it stops, or soon after.</param>
    /// <returns>Bytes written; 0 when nothing is there.</returns>
    public int Drain(Span<byte> destination, long enough, ref long payloads)
    {
        var written = 0;
        var head = _head.Value;
        while (written < enough)
        {
            var index = (int)head & _mask;
            var frame = Volatile.Read(ref FrameLength(index));
            if (frame == 0) break;
            if (frame > 0)
            {
                var length = PayloadLength(index);
                if (length > destination.Length - written) break;
                _block.AsSpan(index + HeaderBytes, length).CopyTo(destination[written..]);
                written += length;
                if (length > 0) payloads++;
            }

            frame = Math.Abs(frame);
            _block.AsSpan(index, frame).Clear();
            head += frame;
            Volatile.Write(ref _head.Value, head);
        }

        return written;
    }

    private ref int FrameLength(int index) => ref Unsafe.As<byte, int>(ref _block[index]);

    private ref int PayloadLength(int index) => ref Unsafe.As<byte, int>(ref _block[index + 4]);

    /// <summary>Room for one payload.</summary>
    internal readonly ref struct Claim(ByteRing ring, int index, int frame, int maxLength, long number)
    {
        /// <summary>Rises from claim to claim, not by one; no two claims of a ring have the same.</summary>
        public long Number => number;

        public Span<byte> Payload => ring._block.AsSpan(index + HeaderBytes, maxLength);

        /// <summary>Hands the first <paramref name="length"/> bytes to the reader.</summary>
        public void Commit(int length)
        {
            ring.PayloadLength(index) = length;
            Volatile.Write(ref ring.FrameLength(index), frame);
        }
    }

    /// <summary>A position on a cache line of its own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 128)]
    private struct Position
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Value;
    }
}
