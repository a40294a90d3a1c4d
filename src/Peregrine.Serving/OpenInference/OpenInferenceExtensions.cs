using Microsoft.Extensions.DependencyInjection;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.OpenInference.Models;
using Peregrine.Serving.OpenInference.Rest;

namespace Peregrine.Serving.OpenInference;

/// <summary>The Open Inference Protocol beside the user API.</summary>
internal static class OpenInferenceExtensions
{
    public static IServiceCollection AddOpenInference(this IServiceCollection services)
    {
        services.AddOptions<OpenInferenceOptions>().BindConfiguration(OpenInferenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<InferEngine>();
        services.AddSingleton<InferCall>();
        services.AddSingleton<GrpcInfer>();
        services.AddSingleton<ModelDirectory>();
        services.AddSingleton<RepositoryIndex>();
        return services;
    }
}
