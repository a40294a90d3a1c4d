using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Peregrine.Serving.Tests.Chaos;

/// <summary>
/// Keys of one service that are made, rotated and revoked while callers use them: a key opens from its acknowledgement on until its end is asked for, and never after its end was
/// acknowledged.
/// </summary>
/// <param name="wasDown">Whether the node was ended or started at some time between two timestamps.</param>
/// <param name="report">Takes what was not allowed.</param>
internal sealed class ChaosKeys(ChaosNode node, Func<long, long, bool> wasDown, Action<string> report)
{
    public const string Service = "keyed";

    private const string Admin = $"/admin/api/services/{Service}";
    private const int MostKeys = 5;
    private const int Remembered = 40;
    private const long Tolerance = 100; // ms, of clocks that are not one

    private readonly ConcurrentDictionary<string, ChaosKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private int _changes;
    private int _answers;
    private int _refusals;

    /// <summary>What the service is on the disk.</summary>
    public static ServiceModel Model => new ServiceModel(Service) { Exists = true } with { Generations = new ServiceModel(Service).Generations.Add(ChaosPackages.Keyed.Version, Held.Loaded) };

    public string Told => string.Create(CultureInfo.InvariantCulture, $"{_changes} changes of keys, {_answers} answers and {_refusals} refusals to them");

    public async Task SetUpAsync()
    {
        (await node.AskAsync(HttpMethod.Post, "/admin/api/services", System.Text.Encoding.UTF8.GetBytes($"{{\"serviceId\":\"{Service}\"}}"))).ShouldBe(200);
        (await node.AskAsync(HttpMethod.Post, $"{Admin}/generations", ChaosPackages.Keyed.Write())).ShouldBe(200);
        (await node.AskAsync(HttpMethod.Post, $"{Admin}/actions/switchTo/{ChaosPackages.Keyed.Version}")).ShouldBe(200);
        Keep(new ChaosKey("package", TestPackage.Key, Stopwatch.GetTimestamp()));
    }

    /// <summary>Makes one change.</summary>
    public async Task ActAsync(Random random)
    {
        var from = Stopwatch.GetTimestamp();
        try
        {
            if (_keys.Values.FirstOrDefault(key => key.IsUncertain) is { } uncertain) await RevokeAsync(uncertain);
            else if (_keys.Values.Where(key => key.IsLive && key.Secret != TestPackage.Key).ToArray() is { Length: > 1 } live && (live.Length >= MostKeys || random.Next(3) > 0))
            {
                var key = live[random.Next(live.Length)];
                if (random.Next(2) == 0) await RevokeAsync(key);
                else await RotateAsync(key, overlapSeconds: random.Next(2));
            }
            else await AddAsync();
            Interlocked.Increment(ref _changes);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException && wasDown(from, Stopwatch.GetTimestamp()))
        {
            // What came of it is settled by the next action: whatever was being ended is ended.
        }
        catch (Exception fault)
        {
            report($"keys: {fault}");
        }
    }

    /// <summary>Asks with a key that lives, has ended or is being ended.</summary>
    public async Task CallAsync(Random random)
    {
        var known = _keys.Values.ToArray();
        // Most that are remembered have ended.
        if (random.Next(2) == 0 && Array.FindAll(known, one => one.IsLive) is { Length: > 0 } live) known = live;
        var key = known[random.Next(known.Length)];
        var record = random.Next(ChaosPackages.Records.Length);
        var isGrpc = random.Next(3) == 0;
        var from = Stopwatch.GetTimestamp();
        try
        {
            var (status, text) = isGrpc
                ? await node.GrpcAsync(ChaosPackages.Message($"{Service}.score", null, record), key.Secret)
                : await node.QueryAsync($"/public/api/v1/{Service}/score/predict", $"{{\"features\":{ChaosPackages.Records[record]}}}", key.Secret);
            var to = Stopwatch.GetTimestamp();
            if (status != 200 && wasDown(from, to)) return;
            Interlocked.Increment(ref status == 200 ? ref _answers : ref _refusals);
            // The key may have been ended meanwhile.
            if (_keys.GetValueOrDefault(key.Id, key).Fault(status, from, to) is { } fault) report($"key {key.Id} was answered {fault}:\n{text}");
            else if (status == 200 && !isGrpc && !text.Contains(ChaosPackages.Keyed.Expected(ChaosPackages.Records[record]), StringComparison.Ordinal)) report($"key {key.Id} was answered wrongly:\n{text}");
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException && wasDown(from, Stopwatch.GetTimestamp()))
        {
            await Task.Delay(5);
        }
        catch (Exception fault)
        {
            report($"key {key.Id}: {fault}");
        }
    }

    private async Task AddAsync()
    {
        var (status, text) = await node.AdminAsync(HttpMethod.Post, $"{Admin}/keys", "{}");
        status.ShouldBe(200, text);
        var made = JsonNode.Parse(text)!;
        Keep(new ChaosKey((string)made["id"]!, (string)made["key"]!, Stopwatch.GetTimestamp()));
    }

    private async Task RevokeAsync(ChaosKey key)
    {
        var wasUncertain = key.IsUncertain;
        _keys[key.Id] = key with { OpensUntil = Math.Min(key.OpensUntil, Stopwatch.GetTimestamp()) };
        var (status, text) = await node.AdminAsync(HttpMethod.Delete, $"{Admin}/keys/{key.Id}");
        if (!wasUncertain || status != 404) status.ShouldBe(200, text);
        _keys[key.Id] = _keys[key.Id] with { ClosedFrom = Stopwatch.GetTimestamp() };
    }

    private async Task RotateAsync(ChaosKey key, int overlapSeconds)
    {
        var overlap = overlapSeconds * Stopwatch.Frequency;
        var tolerance = Tolerance * Stopwatch.Frequency / 1000;
        _keys[key.Id] = key with { OpensUntil = Stopwatch.GetTimestamp() + Math.Max(0, overlap - tolerance) };
        var (status, text) = await node.AdminAsync(HttpMethod.Post, $"{Admin}/keys/{key.Id}/actions/rotate", $"{{\"overlapSeconds\":{overlapSeconds}}}");
        status.ShouldBe(200, text);
        var now = Stopwatch.GetTimestamp();
        _keys[key.Id] = _keys[key.Id] with { ClosedFrom = now + overlap + (overlap == 0 ? 0 : tolerance) };
        var made = JsonNode.Parse(text)!;
        Keep(new ChaosKey((string)made["id"]!, (string)made["key"]!, now));
    }

    private void Keep(ChaosKey key)
    {
        _keys[key.Id] = key;
        _order.Enqueue(key.Id);
        // Ended keys are asked for some time, then forgotten; the package's is the first and stays.
        while (_order.Count > Remembered && _order.TryDequeue(out var oldest))
        {
            if (oldest == "package" || !_keys.TryGetValue(oldest, out var known) || known.IsLive || known.IsUncertain) _order.Enqueue(oldest);
            else _keys.TryRemove(oldest, out _);
        }
    }
}
