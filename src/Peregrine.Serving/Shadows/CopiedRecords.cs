using System.Buffers.Binary;

namespace Peregrine.Serving.Shadows;

/// <summary>
/// Records of a stream or of another protocol as they stand in a copy: number, lengths, then features, context and result in the words of <c>predict</c>.
/// </summary>
internal ref struct CopiedRecords(ReadOnlySpan<byte> copy)
{
    private const int HeadBytes = 4 * sizeof(int);

    private readonly ReadOnlySpan<byte> _copy = copy;
    private int _at;

    public ShadowRecord Current { get; private set; }

    public static int SizeOf(in ShadowRecord record) => HeadBytes + record.Features.Length + record.Context.Length + record.Result.Length;

    /// <param name="room">At least <see cref="SizeOf"/> long.</param>
    public static void Write(in ShadowRecord record, Span<byte> room)
    {
        BinaryPrimitives.WriteInt32LittleEndian(room, record.Number);
        BinaryPrimitives.WriteInt32LittleEndian(room[sizeof(int)..], record.Features.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room[(2 * sizeof(int))..], record.Context.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room[(3 * sizeof(int))..], record.Result.Length);
        var at = HeadBytes;
        record.Features.CopyTo(room[at..]);
        at += record.Features.Length;
        record.Context.CopyTo(room[at..]);
        at += record.Context.Length;
        record.Result.CopyTo(room[at..]);
    }

    public bool TryNext()
    {
        if (_at >= _copy.Length) return false;
        var number = BinaryPrimitives.ReadInt32LittleEndian(_copy[_at..]);
        var features = BinaryPrimitives.ReadInt32LittleEndian(_copy[(_at + sizeof(int))..]);
        var context = BinaryPrimitives.ReadInt32LittleEndian(_copy[(_at + (2 * sizeof(int)))..]);
        var result = BinaryPrimitives.ReadInt32LittleEndian(_copy[(_at + (3 * sizeof(int)))..]);
        _at += HeadBytes;
        Current = new ShadowRecord(number, _copy.Slice(_at, features), _copy.Slice(_at + features, context), _copy.Slice(_at + features + context, result));
        _at += features + context + result;
        return true;
    }
}
