using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Peregrine.Contracts.Deployer;
using Peregrine.Deploying.Nodes;
using Peregrine.Hosting.Errors;

namespace Peregrine.Deploying.Infrastructures;

/// <summary>Keeps the keys of nodes unreadable in the store and out of answers.</summary>
internal sealed class NodeKeyProtector(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Peregrine.Deploying.NodeKeys.v1");

    public string Protect(string key) => _protector.Protect(key);

    /// <summary>The nodes of an infrastructure with their keys in clear, for calls only.</summary>
    public IReadOnlyList<NodeTarget> Targets(InfraSettings stored) =>
        [.. stored.ApiNodes.Select(node => new NodeTarget(node.Url, node.AdminApiKey is { } key ? Unprotect(key, node.Url) : null))];

    public static InfraSettings Mask(InfraSettings stored) => stored with
    {
        ApiNodes = [.. stored.ApiNodes.Select(node => node with { AdminApiKey = node.AdminApiKey is null ? null : ApiNodeSettings.MaskedKey })],
    };

    private string Unprotect(string stored, string nodeUrl)
    {
        try
        {
            return _protector.Unprotect(stored);
        }
        catch (CryptographicException cause)
        {
            throw ApiError.Conflict(
                $"The stored admin key of node {nodeUrl} cannot be read.",
                $"The stored admin key of node {nodeUrl} cannot be read: the data-protection keys it was stored with are gone. "
                + "Restore them, or set adminAPIKey again in the settings of the infrastructure.", "NodeKeyUnreadable").AsException(cause);
        }
    }
}
