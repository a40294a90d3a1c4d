using System.Text.Json.Nodes;

namespace Peregrine.Client;

/// <summary>Long jobs: polls until there is a result, telling how far it is.</summary>
public sealed class FuturesClient(HttpConnection connection)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <param name="started">The answer of the call that started the job.</param>
    /// <exception cref="ClientException">The job failed or was aborted.</exception>
    public async Task<JsonNode> WaitAsync(JsonNode started, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        var state = started;
        var pause = FirstPause;
        while (state["hasResult"]?.GetValue<bool>() != true)
        {
            await Task.Delay(pause, cancellationToken);
            pause = pause * 1.3 < LongestPause ? pause * 1.3 : LongestPause;
            var job = state["jobId"]?.GetValue<string>() ?? throw new ClientException("The server started a job without an id.");
            state = await connection.GetNodeAsync($"{PeregrineClient.Base}/futures/{PeregrineClient.Id(job)}?peek=False", cancellationToken);
            if (state["progress"] is JsonObject now)
                progress?.Report(new JobProgress(now["fraction"]?.GetValue<double>(), now["phase"]?.GetValue<string>(), null));
        }

        return state["result"] ?? new JsonObject();
    }
}
