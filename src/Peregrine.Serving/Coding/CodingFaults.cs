using Peregrine.Hosting.Errors;

namespace Peregrine.Serving.Coding;

/// <summary>What is wrong with a body's Content-Encoding.</summary>
internal static class CodingFaults
{
    public static ApiError Unknown(string coding) => ApiError.UnsupportedMediaType(
        $"Content-Encoding '{coding}' is not one that is read here.", $"Content-Encoding '{coding}' is not one that is read here. Use gzip, deflate or br, one of them, or none.");

    public static ApiError NotOf(string coding) => ApiError.BadRequest($"The body is not {coding}, as its Content-Encoding says.", errorType: "MalformedBody");
}
