using Microsoft.JSInterop;

namespace Peregrine.Web.Datasets;

/// <summary>Where the browser tells how an upload goes.</summary>
public sealed class UploadSink(Func<long, long, Task> sent, Func<int, string, Task> answered)
{
    [JSInvokable]
    public Task Sent(long bytes, long total) => sent(bytes, total);

    /// <param name="status">HTTP status; 0 when no answer came, -1 when it was cancelled.</param>
    [JSInvokable]
    public Task Answered(int status, string body) => answered(status, body);
}
