using Microsoft.Extensions.Hosting;

namespace Peregrine.Roles;

/// <summary>Leaves signals to <see cref="Instance"/>: several servers of one process stop in an order.</summary>
internal sealed class ManualLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
