using System.Diagnostics;

namespace Peregrine.Benchmarks.Driver.Trials;

/// <summary>What a prediction allocates; then, of the same data directory, how long a start takes and what memory it leaves.</summary>
internal sealed class StartTrial(TrialNode node, Settings settings) : Trial(node, settings)
{
    public const string Name = "start";
    private const int Starts = 7;
    private const int Callers = 4;
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    public override async Task RunAsync()
    {
        using var load = await Node.ConnectOneAsync(Callers);
        await load.MeasureCapacityAsync(Callers, Settings.WarmUpSeconds);
        var before = await Node.MetricAsync(Allocated);
        var requests = Settings.Seconds * await load.MeasureCapacityAsync(Callers, Settings.Seconds);
        var allocated = await Node.MetricAsync(Allocated) - before;
        Say($"{Name}: {allocated / requests:F0} bytes allocated in the process for each of {requests:F0} predictions, whatever else it did meanwhile included");
    }

    /// <summary>From the launch of the process to the first 200 of <c>/readyz</c>, asked every 5 ms.</summary>
    public static async Task StartAgainAsync(Func<Server> launch, Settings settings)
    {
        var seconds = new List<double>();
        var then = new List<double>();
        var later = new List<double>();
        using var http = new HttpClient();
        for (var start = 0; start <= Starts; start++)
        {
            var from = Stopwatch.GetTimestamp();
            await using var server = launch();
            while (!await IsReadyAsync(http, server)) await Task.Delay(5);
            var took = Elapsed(from);
            var bytes = server.ResidentBytes();
            await Task.Delay(TimeSpan.FromSeconds(settings.Seconds)); // explanations are prepared meanwhile
            if (start == 0) continue; // the files come from the disk
            seconds.Add(took);
            then.Add(bytes);
            later.Add(server.ResidentBytes());
        }

        Say($"  start to ready: median {Median(seconds):F2} s of {Starts} ({seconds.Min():F2} to {seconds.Max():F2}); memory then {Megabytes((long)Median(then)):F0} MB, {settings.Seconds} s later {Megabytes((long)Median(later)):F0} MB");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<bool> IsReadyAsync(HttpClient http, Server server)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(server.Url, "/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }
}
