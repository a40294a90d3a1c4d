using Peregrine.Commands;

namespace Peregrine.Verbs;

/// <summary>Cuts a CSV file into parts of whole records, each with the file's header, without reading it whole. Line ends within quotes end no record.</summary>
internal sealed class CsvParts(Stream file, int partBytes)
{
    private byte[] _buffer = new byte[partBytes];
    private int _held;
    private byte[]? _header;
    private long _line = 1;

    /// <summary>The next part and the number of its first record's line in the file; null at the end.</summary>
    /// <exception cref="UsageException">A record is longer than 64 MiB, as after a quote that is never closed.</exception>
    public async Task<(byte[] Part, long FirstLine)?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await FillAsync(cancellationToken);
            if (_held == 0) return null;
            var end = read == 0 ? _held : EndOfRecord(last: _header is not null);
            if (end > 0)
            {
                var piece = _buffer[..end];
                _buffer.AsSpan(end, _held - end).CopyTo(_buffer);
                _held -= end;
                var (first, lines) = (_line, piece.AsSpan().Count((byte)'\n'));
                _line += lines;
                if (_header is not null) return ([.. _header, .. piece], first);
                _header = piece;
                if (read == 0) return (_header, _line);
                continue;
            }

            if (_buffer.Length >= 64 << 20) throw new UsageException($"The record at line {_line} is longer than 64 MiB; is a quote never closed?");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        for (var read = 1; read > 0 && _held < _buffer.Length; all += read, _held += read)
            read = await file.ReadAsync(_buffer.AsMemory(_held), cancellationToken);
        return _held < _buffer.Length ? 0 : Math.Max(all, 1);
    }

    /// <summary>Behind the first or the last line end that stands outside of quotes; 0 when there is none.</summary>
    private int EndOfRecord(bool last)
    {
        var (end, quoted) = (0, false);
        for (var at = 0; at < _held; at++)
        {
            var stop = _buffer.AsSpan(at, _held - at).IndexOfAny((byte)'"', (byte)'\n');
            if (stop < 0) break;
            at += stop;
            if (_buffer[at] == '"') quoted = !quoted;
            else if (!quoted)
            {
                end = at + 1;
                if (!last) break;
            }
        }

        return end;
    }
}
