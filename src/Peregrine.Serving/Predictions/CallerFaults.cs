using Microsoft.AspNetCore.Http;
using Peregrine.Hosting.Authentication;
using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Predictions;

/// <summary>Callers without a key that opens the service.</summary>
internal static class CallerFaults
{
    private static readonly ApiError s_noKey = ApiError.Unauthorized(
        "This service needs an API key.",
        "This service needs an API key: as Basic user name with an empty password, or as 'Authorization: Bearer'.");

    private static readonly ApiError s_wrongKey = ApiError.Unauthorized(
        "The API key does not open this service.", "The API key does not open this service. Ask its owner for one of its keys.");

    public static ApiError Refuse(HttpRequest request, AuthenticationMetrics metrics)
    {
        var present = PresentedApiKey.IsPresent(request);
        metrics.Refused(present ? "service_key_unknown" : "service_key_absent");
        return present ? s_wrongKey : s_noKey;
    }
}
