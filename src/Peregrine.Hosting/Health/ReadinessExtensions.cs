using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Hosting.Health;

public static class ReadinessExtensions
{
    /// <summary>Adds one condition; a node is ready when all hold.</summary>
    public static IServiceCollection AddReadinessCondition(
        this IServiceCollection services, string name, Func<IServiceProvider, Readiness> check) =>
        services.AddSingleton<IReadinessCondition>(provider => new DelegateCondition(name, () => check(provider)));

    private sealed class DelegateCondition(string name, Func<Readiness> check) : IReadinessCondition
    {
        public string Name => name;

        public Readiness Check() => check();
    }
}
