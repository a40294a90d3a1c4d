namespace Peregrine.Hosting.Authentication;

/// <summary>Knows the keys that open a node's administration.</summary>
public interface IApiKeyDirectory
{
    /// <summary>Null when no such key is valid now.</summary>
    AdminKey? Find(ApiKeyHash hash);
}
