using System.Text;
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

    /// <summary>The path that infer has over REST for a model that another protocol names.</summary>
    /// <param name="version">Empty: none is named.</param>
    /// <returns>Its length; -1 when it does not fit, so there is no such model.</returns>
    public static int Infer(ReadOnlySpan<byte> model, ReadOnlySpan<byte> version, Span<char> path)
    {
        if (Models.Length + model.Length + version.Length + 32 > path.Length) return -1;
        Models.CopyTo(path);
        var at = Models.Length;
        at += Encoding.UTF8.GetChars(model, path[at..]);
        if (!version.IsEmpty)
        {
            "/versions/".CopyTo(path[at..]);
            at += "/versions/".Length;
            at += Encoding.UTF8.GetChars(version, path[at..]);
        }

        "/infer".CopyTo(path[at..]);
        return at + "/infer".Length;
    }

    /// <summary>Whether a path asks for a model.</summary>
    public static bool IsUnder(string path) => path.StartsWith(Models, StringComparison.Ordinal);

    /// <summary>Name and version that stand in a path below <c>/v2/models/</c>; null where there is none.</summary>
    public static (string Model, string? Version) Parse(string path)
    {
        var parts = path[Models.Length..].Split('/');
        return (parts[0], parts is [_, "versions", var version, ..] ? version : null);
    }
}
