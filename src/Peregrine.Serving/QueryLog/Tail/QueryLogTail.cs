using System.Text;
using Microsoft.Extensions.Options;

namespace Peregrine.Serving.QueryLog.Tail;

/// <summary>Reads the end of the log files, for people and for programs that follow along.</summary>
internal sealed class QueryLogTail(IOptions<ServingOptions> options)
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int ChunkBytes = 256 * 1024;
    private const int MostAnswerBytes = 16 * 1024 * 1024;

    private string Folder => Path.Combine(options.Value.DataDirectory, QueryLogFiles.Folder);

    /// <summary>The last lines that fit, oldest first, looked for in at most the last 64 MiB.</summary>
    public TailAnswer Last(int lines, TailFilter filter)
    {
        var files = QueryLogFiles.Of(Folder).ToList();
        var found = new List<string>();
        var cursor = files.Count == 0 ? new TailCursor("", 0) : new TailCursor(files[^1].Name, 0);
        var left = (long)MostBytes;
        for (var i = files.Count - 1; i >= 0 && found.Count < lines && left > 0; i--)
        {
            using var file = Open(files[i].FullName);
            if (file is null) continue;
            var end = EndOfLines(file);
            if (i == files.Count - 1) cursor = new TailCursor(files[i].Name, end);
            Backwards(file, end, ref left, lines, filter, found);
        }

        found.Reverse();
        return new TailAnswer(found, cursor.ToString());
    }

    /// <summary>Lines behind a cursor, oldest first, until there are enough or they make 16 MiB.</summary>
    public TailAnswer After(TailCursor cursor, int lines, TailFilter filter)
    {
        var found = new List<string>();
        var room = MostAnswerBytes;
        foreach (var name in QueryLogFiles.Of(Folder).Select(file => file.Name).Where(name => string.CompareOrdinal(name, cursor.File) >= 0))
        {
            using var file = Open(Path.Combine(Folder, name));
            if (file is null) continue;
            var from = name == cursor.File ? cursor.Offset : 0;
            cursor = new TailCursor(name, Forwards(file, from, lines, filter, found, ref room));
            if (found.Count == lines || room <= 0) break;
        }

        return new TailAnswer(found, cursor.ToString());
    }

    private static long Forwards(FileStream file, long from, int lines, TailFilter filter, List<string> found, ref int room)
    {
        file.Position = Math.Min(from, file.Length);
        var chunk = new byte[ChunkBytes];
        var held = 0;
        while (true)
        {
            var read = file.Read(chunk, held, chunk.Length - held);
            if (read == 0) return from;
            held += read;
            var start = 0;
            while (chunk.AsSpan(start, held - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                if (filter.Fits(chunk.AsSpan(start, length)))
                {
                    found.Add(Encoding.UTF8.GetString(chunk, start, length));
                    room -= length;
                }

                start += length + 1;
                from += length + 1;
                if (found.Count == lines || room <= 0) return from;
            }

            chunk.AsSpan(start, held - start).CopyTo(chunk);
            held -= start;
            if (held == chunk.Length) Array.Resize(ref chunk, chunk.Length * 2);
        }
    }

    private static void Backwards(FileStream file, long end, ref long left, int lines, TailFilter filter, List<string> found)
    {
        byte[] rest = [];
        while (end > 0 && left > 0 && found.Count < lines)
        {
            var size = (int)Math.Min(ChunkBytes, end);
            end -= size;
            left -= size;
            var chunk = new byte[size + rest.Length];
            file.Position = end;
            file.ReadExactly(chunk, 0, size);
            rest.CopyTo(chunk, size);
            var stop = chunk.Length;
            while (found.Count < lines && stop > 0)
            {
                var begin = chunk.AsSpan(0, stop - 1).LastIndexOf((byte)'\n') + 1;
                if (begin == 0 && end > 0) break; // its beginning is in an earlier chunk
                if (filter.Fits(chunk.AsSpan(begin, stop - 1 - begin))) found.Add(Encoding.UTF8.GetString(chunk, begin, stop - 1 - begin));
                stop = begin;
            }

            rest = chunk[..stop];
        }
    }

    /// <summary>Behind the last whole line.</summary>
    private static long EndOfLines(FileStream file)
    {
        var end = file.Length;
        var chunk = new byte[4096];
        while (end > 0)
        {
            var size = (int)Math.Min(chunk.Length, end);
            file.Position = end - size;
            file.ReadExactly(chunk, 0, size);
            if (chunk.AsSpan(0, size).LastIndexOf((byte)'\n') is >= 0 and var last) return end - size + last + 1;
            end -= size;
        }

        return 0;
    }

    /// <summary>Null when the writer has just deleted it to keep the cap.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
