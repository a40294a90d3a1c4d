using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Importing;

internal static class ImportingExtensions
{
    public static IServiceCollection AddImporting(this IServiceCollection services)
    {
        services.AddOptions<ImportingOptions>().BindConfiguration(ImportingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PartialUploads>();
        services.AddSingleton<PackageImports>();
        return services;
    }
}
