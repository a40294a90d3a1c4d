using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Peregrine.Serving.Tests.Transport;

/// <summary>Handlers bound by reflection are compiled when the node starts, all of them, before it is ready.</summary>
public sealed class GeneratedBindingTests
{
    [Fact]
    public async Task Endpoints_OfANode_AreBoundByGeneratedCode()
    {
        await using var node = await new ApiNodeBuilder().WithGrpc().StartAsync();

        var endpoints = node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        endpoints.Count.ShouldBeGreaterThan(50);
        endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>() is not null && IsBoundByReflection(endpoint)).Select(endpoint => endpoint.DisplayName).ShouldBeEmpty();
    }

    private static bool IsBoundByReflection(RouteEndpoint endpoint) =>
        endpoint.RequestDelegate?.Method.DeclaringType?.FullName?.StartsWith("Microsoft.AspNetCore.Http.RequestDelegateFactory", StringComparison.Ordinal) == true;
}
