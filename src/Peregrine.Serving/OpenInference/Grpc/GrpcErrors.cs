using Grpc.Core;
using Grpc.Core.Interceptors;
using Peregrine.Hosting.Errors;
using Peregrine.Serving.OpenInference.Grpc.Wire;

namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>Expected failures of the calls besides <c>ModelInfer</c>, as gRPC statuses.</summary>
internal sealed class GrpcErrors : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ApiErrorException expected)
        {
            throw new RpcException(new Status((StatusCode)GrpcStatus.Of(expected.Error), expected.Error.DetailedMessage));
        }
    }
}
