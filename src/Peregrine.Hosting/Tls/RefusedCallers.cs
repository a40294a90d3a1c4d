using Microsoft.AspNetCore.Http.Features;

namespace Peregrine.Hosting.Tls;

/// <summary>Whether callers can be refused for their certificates, and which are: for servers that answer ahead of the pipeline.</summary>
public sealed class RefusedCallers
{
    private readonly TlsStates? _states;

    internal RefusedCallers(TlsStates? states) => _states = states;

    /// <summary>Whether any port asks for certificates.</summary>
    public bool MayBe => _states?.On.Any(state => state.Options.ClientCertificates != ClientCertificateMode.None) == true;

    /// <param name="features">Of a request or a connection.</param>
    public static bool Has(IFeatureCollection features) => features.Get<RefusedCaller>() is not null;
}
