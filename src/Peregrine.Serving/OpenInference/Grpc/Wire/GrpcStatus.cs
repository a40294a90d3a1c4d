using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.OpenInference.Grpc.Wire;

/// <summary>Status codes of gRPC, and which of them an error of the node is.</summary>
internal static class GrpcStatus
{
    public const int Ok = 0;
    public const int InvalidArgument = 3;
    public const int DeadlineExceeded = 4;
    public const int NotFound = 5;
    public const int ResourceExhausted = 8;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;

    public static int Of(ApiError error) => error.Status switch
    {
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status403Forbidden => 7,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => ResourceExhausted,
        StatusCodes.Status501NotImplemented => Unimplemented,
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        StatusCodes.Status504GatewayTimeout => DeadlineExceeded,
        >= 500 => Internal,
        _ => InvalidArgument,
    };
}
