using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>
/// Callers that ask whether or not they were answered: each request has its time, and an answer is late by the same clock whatever the node was busy with. Nothing is due while the driver
/// itself does not run: other work, or the host of a virtual machine, takes its core for milliseconds, and the burst after that would be taken for the node's slowness.
/// </summary>
internal sealed partial class Load : IDisposable
{
    private static readonly long s_patience = 2 * Stopwatch.Frequency;
    private static readonly long s_punctual = Stopwatch.Frequency / 1000;

    private readonly List<Connection> _connections;

    /// <summary>In turn: one that is not used for long would be closed by the node.</summary>
    private readonly ConcurrentQueue<Connection> _idle = new();
    private readonly ConcurrentQueue<long> _overdue = new();
    private readonly ConcurrentQueue<Outcome> _outcomes = new();
    private int _running;

    private Load(List<Connection> connections)
    {
        _connections = connections;
        foreach (var connection in connections) _idle.Enqueue(connection);
    }

    public static async Task<Load> ConnectAsync(int port, byte[] request, int connections)
    {
        var all = Enumerable.Range(0, connections).Select(_ => new Connection(port, request)).ToList();
        foreach (var connection in all) await connection.ConnectAsync();
        return new Load(all);
    }

    /// <summary>Requests per second that a few callers get answered who always ask again: the capacity.</summary>
    public async Task<double> MeasureCapacityAsync(int callers, int seconds)
    {
        var answered = 0L;
        var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        await Task.WhenAll(_connections.Take(callers).Select(async connection =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                if ((await connection.AskAsync(Stopwatch.GetTimestamp())).Status != 200) throw new InvalidOperationException("The node refused a request below its capacity.");
                Interlocked.Increment(ref answered);
            }
        }));
        return answered / (double)seconds;
    }

    /// <summary>Offers rates one after the other without a pause.</summary>
    /// <param name="phases">Requests per second, for how many seconds.</param>
    /// <returns>What became of the requests of each phase.</returns>
    public async Task<List<Phase>> OfferAsync(int seed, params (double Rate, double Seconds)[] phases)
    {
        _outcomes.Clear();
        // Not on the thread that called: it may be the one on which answers arrive.
        var bounds = await Task.Run(() => Offer(new Random(seed), phases));
        while (Volatile.Read(ref _running) > 0) await Task.Delay(10);
        var all = _outcomes.ToArray();
        return [.. bounds.Select(bound => new Phase(bound.Rate, bound.From, bound.To, bound.Slept, [.. all.Where(one => one.Due >= bound.From && one.Due < bound.To)]))];
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    /// <returns>When each phase began and ended.</returns>
    private List<Bound> Offer(Random random, (double Rate, double Seconds)[] phases)
    {
        var bounds = new List<Bound>();
        var due = Stopwatch.GetTimestamp();
        foreach (var (rate, seconds) in phases)
        {
            var from = due;
            var to = from + (long)(seconds * Stopwatch.Frequency);
            var slept = 0L;
            for (; due < to; due += (long)(-Math.Log(1 - random.NextDouble()) / rate * Stopwatch.Frequency))
            {
                var late = WaitFor(due);
                if (late > s_punctual)
                {
                    slept += late;
                    due += late;
                }

                Send(due);
            }

            bounds.Add(new Bound(rate, from, to, slept));
        }

        return bounds;
    }

    /// <returns>How much later than asked it is.</returns>
    private static long WaitFor(long due)
    {
        long late;
        while ((late = Stopwatch.GetTimestamp() - due) < 0) _ = Nap(50);
        return late;
    }

    private void Send(long due)
    {
        Interlocked.Increment(ref _running);
        if (_idle.TryDequeue(out var connection)) _ = AskAsync(connection, due);
        else _overdue.Enqueue(due);
    }

    private async Task AskAsync(Connection connection, long due)
    {
        while (true)
        {
            if (Stopwatch.GetTimestamp() - due > s_patience) _outcomes.Enqueue(new Outcome(due, Stopwatch.GetTimestamp(), Outcome.GivenUp));
            else _outcomes.Enqueue(await connection.AskAsync(due));
            Interlocked.Decrement(ref _running);
            if (_overdue.TryDequeue(out due)) continue;
            _idle.Enqueue(connection);
            // One may have become overdue between the look and the push.
            if (_overdue.IsEmpty || !_idle.TryDequeue(out connection!)) return;
            if (_overdue.TryDequeue(out due)) continue;
            _idle.Enqueue(connection);
            return;
        }
    }

    private readonly record struct Bound(double Rate, long From, long To, long Slept);

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int Nap(uint microseconds);
}
