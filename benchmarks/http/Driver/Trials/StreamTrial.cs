using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>A long stream, CSV in and out, in one call after the other: how fast is it, and does its memory stay flat?</summary>
internal sealed class StreamTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "stream";
    private const int MostWarmUps = 8;

    public override async Task RunAsync()
    {
        using var stream = new StreamCall(Node.Server.Url.Port, Node.StreamHead(), Node.Table());
        Say($"{Name}: calls of {Settings.StreamRows} records, CSV in and out, until two in a row are equally fast, then {Settings.Pairs}");
        var before = 0.0;
        for (var call = 0; call < MostWarmUps; call++)
        {
            var now = await CallAsync(stream, "warm-up");
            if (Math.Abs(now - before) < Settled * now) break;
            before = now;
        }

        var rates = new List<double>();
        for (var call = 0; call < Settings.Pairs; call++) rates.Add(await CallAsync(stream, $"call {call + 1}"));
        Say($"  median {rates.Order().ElementAt(rates.Count / 2):F0} records/s");
    }

    private async Task<double> CallAsync(StreamCall stream, string name)
    {
        using var memory = new MemoryWatch(Node.Server);
        var processor = Node.Server.ProcessorTime();
        var from = Stopwatch.GetTimestamp();
        var firstByte = await stream.RunAsync(Settings.StreamRows);
        var seconds = Elapsed(from);
        processor = Node.Server.ProcessorTime() - processor;
        var most = memory.Look();
        Say($"  {name}: {Settings.StreamRows / seconds:F0} records/s, {processor.TotalMicroseconds / Settings.StreamRows:F2} us of processor time each; first byte after {firstByte * 1000:F1} ms; at most {Megabytes(most):F0} MB");
        return Settings.StreamRows / seconds;
    }

    /// <summary>Looks at a server's memory ten times a second.</summary>
    private sealed class MemoryWatch : IDisposable
    {
        private readonly Server _server;
        private readonly Timer _timer;
        private readonly Lock _gate = new();
        private long _most;

        public MemoryWatch(Server server)
        {
            _server = server;
            _timer = new Timer(_ => Look(), null, 0, 100);
        }

        /// <summary>The most bytes that were resident so far.</summary>
        public long Look()
        {
            lock (_gate) return _most = Math.Max(_most, _server.ResidentBytes());
        }

        public void Dispose() => _timer.Dispose();
    }
}
