using System.Globalization;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Nodes;

namespace Peregrine.Deploying.Updates;

/// <summary>Collects what an update does, from several nodes at a time.</summary>
internal sealed class UpdateTrace(TimeProvider time, Action<string>? onLine = null)
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<UpdateStep> _steps = [];

    public UpdateLogs Logs
    {
        get
        {
            lock (_gate) return new UpdateLogs([.. _lines]);
        }
    }

    public IReadOnlyList<UpdateStep> Steps
    {
        get
        {
            lock (_gate) return [.. _steps];
        }
    }

    public void Line(string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {text}");
        lock (_gate) _lines.Add(line);
        onLine?.Invoke(line);
    }

    /// <summary>Does one thing on one node and notes how long it took and how it ended.</summary>
    public async Task StepAsync(NodeTarget node, string name, string? generation, Func<Task> work)
    {
        var startedOn = time.GetUtcNow();
        var clock = time.GetTimestamp();
        try
        {
            await work();
            Note(node, name, generation, startedOn, time.GetElapsedTime(clock), null);
        }
        catch (NodeException fault)
        {
            Note(node, name, generation, startedOn, time.GetElapsedTime(clock), fault.Message);
            throw;
        }
    }

    private void Note(NodeTarget node, string name, string? generation, DateTimeOffset startedOn, TimeSpan took, string? fault)
    {
        var step = new UpdateStep
        {
            NodeUrl = node.Url, Name = name, Generation = generation, StartedOn = startedOn.ToUnixTimeMilliseconds(),
            Milliseconds = Math.Round(took.TotalMilliseconds, 1), Ok = fault is null, Message = fault,
        };
        lock (_gate) _steps.Add(step);
        var what = generation is null ? name : $"{name} '{generation}'";
        var end = fault is null ? "done" : $"failed: {fault}";
        Line(string.Create(CultureInfo.InvariantCulture, $"{node.Url}: {what} {end} ({took.TotalMilliseconds:F0} ms)"));
    }
}
