using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Store;

namespace Peregrine.Designing;

/// <summary>Opens the store before the first request is taken.</summary>
internal sealed class DesigningStartup(IOptions<DesigningOptions> options, DesignStore store, TrainingService training) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Value.DataDirectory);
        Directory.CreateDirectory(options.Value.BlobDirectory);
        ClearUploads();
        await store.OpenAsync(cancellationToken);
        await training.FailInterruptedAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Uploads that an end of the process cut.</summary>
    private void ClearUploads()
    {
        var folder = Path.Combine(options.Value.DataDirectory, "uploads");
        if (!Directory.Exists(folder)) return;
        foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);
    }
}
