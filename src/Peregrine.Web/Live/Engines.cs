using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peregrine.Web.Components;
using Peregrine.Web.Shell;

namespace Peregrine.Web.Live;

/// <summary>How view models call the engines: one service scope per call, and refusals as values that a page can show.</summary>
public sealed class Engines(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Engines> log)
{
    public TimeProvider Clock { get; } = clock;

    public async Task<T> CallAsync<TService, T>(Func<TService, Task<T>> call)
        where TService : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        return await call(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async Task CallAsync<TService>(Func<TService, Task> call)
        where TService : notnull
    {
        await using var scope = scopes.CreateAsyncScope();
        await call(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Null when the action was done; a cancelled one counts as done, since nobody looks any more.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Boundary of a page: the fault is logged under an id and shown with it.")]
    public async Task<Fault?> GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception exception)
        {
            return Describe(exception);
        }
    }

    private Fault Describe(Exception exception)
    {
        if (FaultReading.TryRead(exception) is { } refusal) return refusal;
        var id = Guid.NewGuid().ToString("N")[..12];
        ShellLog.ActionFailed(log, exception, id);
        return new Fault(500, "Something failed on the server.", $"Nothing that is stored was harmed. The fault is in the server's log under {id}.");
    }
}
