using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using Peregrine.Serving.Generations;
using Peregrine.Serving.Predictions;
using Peregrine.Serving.Snapshots;

namespace Peregrine.Serving.Shadows;

/// <summary>
/// Copies the records of one stream for shadows, part by part: which shadows get a part is chosen anew for each, and its memory is room of the queue from the beginning, so a
/// stream of any length holds no more than that. Belongs to the stream.
/// </summary>
/// <param name="primary">The endpoint that answers the stream.</param>
internal sealed class StreamCopies(ShadowQueue queue, NodeState node, LoadedEndpoint primary, Caller caller) : IDisposable
{
    private readonly List<ShadowQuery> _sealed = [];
    private ServiceSnapshot? _service;
    private ulong _chosen;
    private long _began;
    private byte[] _buffer = [];
    private int _reserved;
    private int _used;
    private int _rows;
    private bool _hasDropped;

    /// <summary>Begins a part of the stream, for the shadows of this moment.</summary>
    public void Begin()
    {
        Seal();
        _began = Stopwatch.GetTimestamp();
        _hasDropped = false;
        _service = node.Current.Services.GetValueOrDefault(primary.Meter.Service);
        _chosen = _service is { Shadows: { Length: > 0 } shadows } ? ShadowQueue.Choose(shadows) : 0;
    }

    /// <summary>Whether the next record is to be copied. One that finds no room is counted and passed over.</summary>
    public bool TryTake()
    {
        if (_chosen == 0) return false;
        queue.Totals.Offer(BitOperations.PopCount(_chosen));
        return _reserved > 0 || TryBeginPart(queue.PartBytes);
    }

    /// <summary>Copies a record for which <see cref="TryTake"/> was true.</summary>
    public void Add(in ShadowRecord record)
    {
        var size = CopiedRecords.SizeOf(record);
        if (size > _reserved - _used)
        {
            Seal();
            if (!TryBeginPart(Math.Max(queue.PartBytes, size))) return;
        }

        CopiedRecords.Write(record, _buffer.AsSpan(_used));
        _used += size;
        _rows++;
    }

    /// <summary>Offers what was copied, once the results have gone.</summary>
    public void Offer()
    {
        Seal();
        foreach (var part in _sealed) queue.Enqueue(part with { AnsweredMicroseconds = ShadowQueue.MicrosecondsSince(_began) });
        _sealed.Clear();
    }

    /// <summary>Lets go what was copied and not offered: its results did not reach the caller.</summary>
    public void Dispose()
    {
        Seal();
        foreach (var part in _sealed)
        {
            queue.GiveBack(part.Bytes, isWhole: true);
            queue.CountReleased(part.Records);
            part.Release();
        }

        _sealed.Clear();
    }

    private bool TryBeginPart(int bytes)
    {
        if (queue.TryReservePart(bytes))
        {
            (_reserved, _used, _rows) = (bytes, 0, 0);
            _buffer = ArrayPool<byte>.Shared.Rent(bytes);
            return true;
        }

        if (_hasDropped) queue.Totals.DropFull(BitOperations.PopCount(_chosen));
        else queue.CountFull(BitOperations.PopCount(_chosen));
        _hasDropped = true;
        return false;
    }

    private void Seal()
    {
        if (_reserved == 0) return;
        if (_rows == 0)
        {
            queue.GiveBack(_reserved, isWhole: true);
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        else
        {
            queue.GiveBack(_reserved - _used, isWhole: false);
            _sealed.Add(new ShadowQuery(_service!, primary, _chosen, ShadowForm.Records, _rows, caller, 0, Fitting(), _used, AnswerLength: 0));
        }

        (_buffer, _reserved) = ([], 0);
    }

    /// <summary>The part in memory of about its length, so that many short ones take no more than they count for.</summary>
    private byte[] Fitting()
    {
        if (_used > _buffer.Length / 2) return _buffer;
        var fitting = ArrayPool<byte>.Shared.Rent(_used);
        _buffer.AsSpan(0, _used).CopyTo(fitting);
        ArrayPool<byte>.Shared.Return(_buffer);
        return fitting;
    }
}
