using Peregrine.Hosting.Authentication;

namespace Peregrine.Designing.Tests.Support;

/// <summary>Knows one key, labelled <c>test</c>.</summary>
internal sealed class OneKey(string key) : IApiKeyDirectory
{
    private readonly ApiKeyHash _hash = ApiKeyHash.Of(key);

    public AdminKey? Find(ApiKeyHash hash) => hash == _hash
        ? new AdminKey { Id = "k1", Hash = hash.ToString(), Label = "test", CreatedOn = DateTimeOffset.UnixEpoch }
        : null;
}
