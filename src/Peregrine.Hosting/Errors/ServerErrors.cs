using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Peregrine.Hosting.Errors;

/// <summary>The error documents for requests that the web server could not read.</summary>
internal static class ServerErrors
{
    public static ApiError For(BadHttpRequestException refused, NodeOptions node) => refused.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => ApiError.Of(
            refused.StatusCode, "HeadersTooSlow", $"The request's headers did not arrive within {node.RequestHeadersTimeout.TotalSeconds:0.###} s.",
            $"The request's headers did not arrive within {node.RequestHeadersTimeout.TotalSeconds:0.###} s. Send them in one piece."),
        StatusCodes.Status414UriTooLong => Of(
            refused, "RequestLineTooLong", $"The request line has more than {Number(node.MaxRequestLineBytes)} bytes.", "Send records in the body of a POST."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => Of(
            refused, "HeadersTooLarge", $"The request's headers are more than {Number(node.MaxRequestHeaders)}, or together more than {Number(node.MaxRequestHeadersBytes)} bytes.",
            "Send fewer or shorter ones."),
        StatusCodes.Status400BadRequest => Of(refused, "MalformedRequest", $"This is no request of HTTP/1.1 that can be read: {refused.Message}", "Check what sends it, and whether it should speak https."),
        _ => ApiError.Of(refused.StatusCode, "RequestRefused", refused.Message),
    };

    private static ApiError Of(BadHttpRequestException refused, string errorType, string message, string advice) =>
        ApiError.Of(refused.StatusCode, errorType, message, $"{message} {advice}");

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
