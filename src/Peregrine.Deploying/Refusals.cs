using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying;

/// <summary>Expected failures that several features share.</summary>
internal static class Refusals
{
    public static ApiErrorException NoService(string id) =>
        ApiError.NotFound($"There is no published service '{id}' on this Deployer.", errorType: "ServiceNotFound").AsException();

    public static ApiErrorException NoVersion(string serviceId, string id) => ApiError.NotFound(
        $"Published service '{serviceId}' has no version '{id}'.",
        $"Published service '{serviceId}' has no version '{id}'. Import it first.", "VersionNotFound").AsException();

    public static ApiErrorException NoInfra(string id) =>
        ApiError.NotFound($"There is no infrastructure '{id}' on this Deployer.", errorType: "InfrastructureNotFound").AsException();

    public static ApiErrorException NoDeployment(string id) =>
        ApiError.NotFound($"There is no deployment '{id}' on this Deployer.", errorType: "DeploymentNotFound").AsException();

    public static ApiErrorException Invalid(string what, IReadOnlyList<ApiErrorItem> errors) => (ApiError.BadRequest(
        $"{what} cannot be used: {errors[0].Message}",
        $"{what} cannot be used: {string.Join(" ", errors.Select(error => $"{error.Pointer}: {error.Message}"))}",
        "InvalidSettings") with { Errors = errors }).AsException();

    public static ApiErrorException Moved(string what) => ApiError.PreconditionFailed(
        $"{what} was changed by someone else since it was read.",
        $"{what} was changed by someone else since it was read. Read it again and repeat the change.").AsException();
}
