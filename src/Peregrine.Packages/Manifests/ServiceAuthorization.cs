namespace Peregrine.Packages.Manifests;

/// <summary>Who may query the service.</summary>
public sealed record ServiceAuthorization
{
    public required AuthorizationMethod Method { get; init; }

    /// <summary>For <see cref="AuthorizationMethod.ApiKeys"/>: any of these opens the service. None: nobody gets in.</summary>
    public IReadOnlyList<ServiceApiKey> Keys { get; init; } = [];

    public static ServiceAuthorization Public { get; } = new() { Method = AuthorizationMethod.Public };
}
