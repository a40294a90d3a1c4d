namespace Peregrine.Packages.Manifests;

/// <summary>Who may query the service.</summary>
public sealed record ServiceAuthorization
{
    public required AuthorizationMethod Method { get; init; }

    /// <summary>For <see cref="AuthorizationMethod.ApiKeys"/>: any of these opens the service. None: nobody gets in.</summary>
    /// <remarks>Generated JSON code passes null for an absent member instead of leaving an initial value.</remarks>
    public IReadOnlyList<ServiceApiKey> Keys { get => field ?? []; init; }

    /// <summary>For <see cref="AuthorizationMethod.OAuth2"/>, and required then.</summary>
    public ServiceOAuth2? OAuth2 { get; init; }

    public static ServiceAuthorization Public { get; } = new() { Method = AuthorizationMethod.Public };
}
