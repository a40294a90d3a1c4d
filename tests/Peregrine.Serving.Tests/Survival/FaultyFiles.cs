using Peregrine.Contracts.Files;

namespace Peregrine.Serving.Tests.Survival;

/// <summary>
/// A file layer that fails at a chosen step. After a crash every further step fails too, as for a process that is dead; a power cut takes back
/// besides what no flush had made durable: content is cut short, renames are undone.
/// </summary>
internal sealed class FaultyFiles(int failAt, FaultKind kind) : FileLayer
{
    private const int NoSpace = 28;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _unflushed = new(StringComparer.Ordinal);
    private readonly List<(string Folder, Action Undo)> _renames = [];
    private int _step;
    private bool _dead;
    private bool _armed;

    /// <summary>Whether the chosen step was reached.</summary>
    public bool Failed { get; private set; }

    /// <summary>Steps count from here on.</summary>
    public void Arm() => _armed = true;

    public override Stream Create(string path, UnixFileMode? mode)
    {
        Step();
        lock (_gate) _unflushed.Add(path);
        return new TornStream(base.Create(path, mode), this, path);
    }

    public override Stream OpenAlone(string path)
    {
        Step();
        return new TornStream(base.OpenAlone(path), this, path);
    }

    public override void FlushToDisk(Stream stream)
    {
        Step();
        var torn = (TornStream)stream;
        base.FlushToDisk(torn.Inner);
        lock (_gate) _unflushed.Remove(torn.Path);
    }

    public override void Move(string from, string to)
    {
        Step();
        var before = File.Exists(to) ? File.ReadAllBytes(to) : null;
        base.Move(from, to);
        lock (_gate) _renames.Add((Path.GetDirectoryName(to)!, () =>
        {
            if (!File.Exists(to)) return;
            File.Move(to, from, overwrite: true);
            if (before is not null) File.WriteAllBytes(to, before);
        }));
    }

    public override void Delete(string path)
    {
        Step();
        base.Delete(path);
    }

    public override void CreateDirectory(string path)
    {
        Step();
        base.CreateDirectory(path);
    }

    public override void DeleteDirectory(string path)
    {
        Step();
        base.DeleteDirectory(path);
    }

    public override void FlushDirectory(string path)
    {
        Step();
        base.FlushDirectory(path);
        lock (_gate) _renames.RemoveAll(rename => rename.Folder == path);
    }

    /// <summary>What the disk looks like after the power came back.</summary>
    public void CutPower()
    {
        lock (_gate)
        {
            for (var i = _renames.Count - 1; i >= 0; i--) _renames[i].Undo();
            foreach (var path in _unflushed.Where(File.Exists)) File.WriteAllBytes(path, File.ReadAllBytes(path)[..(int)(new FileInfo(path).Length / 2)]);
        }
    }

    private bool Reached()
    {
        if (_dead) throw new IOException("The process is dead.");
        return _armed && Interlocked.Increment(ref _step) == failAt;
    }

    private void Step()
    {
        if (Reached()) Fail();
    }

    private void Fail()
    {
        Failed = true;
        _dead = kind != FaultKind.DiskFull;
        throw kind == FaultKind.DiskFull ? new IOException("No space left on device", NoSpace) : new IOException("Crash.");
    }

    private sealed class TornStream(Stream inner, FaultyFiles layer, string path) : Stream
    {
        public Stream Inner => inner;

        public string Path => path;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        /// <summary>A write that fails has written its first half.</summary>
        public override void Write(byte[] buffer, int offset, int count)
        {
            var fails = layer.Reached();
            inner.Write(buffer, offset, fails ? count / 2 : count);
            if (!fails) return;
            inner.Flush();
            layer.Fail();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
