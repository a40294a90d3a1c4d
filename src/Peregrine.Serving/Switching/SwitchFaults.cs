using System.Globalization;
using Peregrine.Contracts.ApiNode;
using Peregrine.Hosting.Errors;
using Peregrine.Packages;

namespace Peregrine.Serving.Switching;

/// <summary>Steps of a switch that cannot be taken.</summary>
internal static class SwitchFaults
{
    public static ApiErrorException BadId(string id) => ApiError.BadRequest(
        $"'{id}' cannot be the id of a switch.", $"'{id}' cannot be the id of a switch: an id is {PackageIds.Rule}.", "InvalidId").AsException();

    public static ApiErrorException NotFound(string service, string id) => ApiError.NotFound(
        $"Service '{service}' has no switch '{id}'.", $"Service '{service}' has no switch '{id}'. It was never prepared here, or ended long ago. Prepare it first.",
        "SwitchNotFound").AsException();

    public static ApiErrorException OtherMapping(string id) => ApiError.Conflict(
        $"Switch '{id}' was prepared with another mapping.", $"Switch '{id}' was prepared with another mapping. Abort it, or take a new id.", "SwitchExists").AsException();

    public static ApiErrorException TooMany(string service, int most) => ApiError.Conflict(
        $"Service '{service}' has {most} prepared switches already.", $"Service '{service}' has {most} prepared switches already (option Serving:Switching:MostOpen). Commit or abort one first.",
        "TooManySwitches").AsException();

    public static ApiErrorException BadExpiry(TimeSpan longest) => (ApiError.BadRequest(string.Create(CultureInfo.InvariantCulture,
        $"'expiresInSeconds' must be a number above 0 and at most {longest.TotalSeconds}."), errorType: "OutOfRange") with
    {
        Errors = [new ApiErrorItem("/expiresInSeconds", "OutOfRange", string.Create(CultureInfo.InvariantCulture, $"Above 0 and at most {longest.TotalSeconds}."))],
    }).AsException();

    /// <summary>The step comes too late for a switch in this state.</summary>
    public static ApiErrorException Ended(StoredSwitch ended) => ended.State switch
    {
        SwitchState.Committed => ApiError.Conflict(
            $"Switch '{ended.Id}' is committed.", $"Switch '{ended.Id}' is committed and cannot be taken back. Switch to the generation before instead.", "SwitchCommitted").AsException(),
        SwitchState.Expired => ApiError.Conflict(
            $"Switch '{ended.Id}' has expired.", $"Switch '{ended.Id}' has expired: nobody decided in time. Prepare it again under a new id.", "SwitchExpired").AsException(),
        _ => ApiError.Conflict(
            $"Switch '{ended.Id}' was aborted.", $"Switch '{ended.Id}' was aborted. Prepare it again under a new id.", "SwitchAborted").AsException(),
    };
}
