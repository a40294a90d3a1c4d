using System.Text.Json.Serialization;
using Peregrine.Contracts.Json;

namespace Peregrine.Packages.Manifests;

/// <summary>On the wire <c>PUBLIC</c>, <c>API_KEYS</c>, <c>OAUTH2</c>.</summary>
[JsonConverter(typeof(UpperSnakeEnum<AuthorizationMethod>))]
public enum AuthorizationMethod
{
    Public,
    ApiKeys,
    [JsonStringEnumMemberName("OAUTH2")]
    OAuth2,
}
