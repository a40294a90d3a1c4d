namespace Peregrine.Serving.OpenInference.Grpc;

/// <summary>Registered on nodes that speak gRPC.</summary>
internal sealed class GrpcPresence;
