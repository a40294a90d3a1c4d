using Peregrine.Serving.OpenInference.Models;

namespace Peregrine.Serving.OpenInference.Rest;

/// <summary>Paths of the protocol.</summary>
internal static class ModelPaths
{
    public const string Root = "/v2";

    private const string Models = Root + "/models/";

    public static string Of(string service, string endpoint) => $"{Models}{ModelSignature.NameOf(service, endpoint)}";

    public static string Infer(string model) => $"{model}/infer";

    public static string Infer(string model, string version) => $"{model}/versions/{version}/infer";

    /// <summary>Whether a path asks for a model.</summary>
    public static bool IsUnder(string path) => path.StartsWith(Models, StringComparison.Ordinal);

    /// <summary>Name and version that stand in a path below <c>/v2/models/</c>; null where there is none.</summary>
    public static (string Model, string? Version) Parse(string path)
    {
        var parts = path[Models.Length..].Split('/');
        return (parts[0], parts is [_, "versions", var version, ..] ? version : null);
    }
}
