using Peregrine.DataDirectories;
using Peregrine.Hosting;
using Peregrine.Serving;

namespace Peregrine.Roles;

/// <summary>Composes the API node.</summary>
internal static class ApiNode
{
    public static WebApplication Build(RoleSettings settings, DataDirectory directory, string adminKey)
    {
        var builder = NodeBuilder.Create(settings, settings.NodePort);
        var app = builder.Build();
        app.UseNodeDefaults();
        return app;
    }
}
