using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Contracts.ApiNode;
using Peregrine.Web.Components;

namespace Peregrine.Web.Deployer;

/// <summary>Members of a deployment's settings as people read JSON.</summary>
internal static class SettingsSample
{
    private static readonly SettingsSampleJson Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static CodeSample Of(IReadOnlyList<RateLimitRule>? rules) => Sample("rateLimits", JsonSerializer.Serialize(rules ?? [], Json.IReadOnlyListRateLimitRule));

    public static CodeSample Of(IReadOnlyList<ShadowShare>? shadows) => Sample("shadows", JsonSerializer.Serialize(shadows ?? [], Json.IReadOnlyListShadowShare));

    private static CodeSample Sample(string member, string json) => new("JSON", $"\"{member}\": {json}");
}

[JsonSerializable(typeof(IReadOnlyList<RateLimitRule>))]
[JsonSerializable(typeof(IReadOnlyList<ShadowShare>))]
internal sealed partial class SettingsSampleJson : JsonSerializerContext;
