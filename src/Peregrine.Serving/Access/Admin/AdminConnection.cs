using Microsoft.AspNetCore.Http.Features;

namespace Peregrine.Serving.Access.Admin;

/// <summary>Marks connections to the port of the admin API; set when they are made, so no header can say otherwise.</summary>
internal sealed class AdminConnection
{
    public static readonly AdminConnection Instance = new();

    /// <param name="features">Of a request or a connection.</param>
    public static bool Is(IFeatureCollection features) => features.Get<AdminConnection>() is not null;
}
