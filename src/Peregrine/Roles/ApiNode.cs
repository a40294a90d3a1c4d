using Peregrine.DataDirectories;
using Peregrine.Hosting;
using Peregrine.Hosting.Health;
using Peregrine.Serving;
using Peregrine.Serving.Access;
using Peregrine.Serving.OpenInference.Grpc;
using Peregrine.Serving.Transport;

namespace Peregrine.Roles;

/// <summary>Composes the API node.</summary>
internal static class ApiNode
{
    public static WebApplication Build(RoleSettings settings, DataDirectory directory, string adminKey)
    {
        var builder = NodeBuilder.CreateSlim(settings, settings.NodePort, "node", ServingTls.Node);
        if (settings.Tls is not null || IsSet(ServingTls.NodeSection) || IsSet(ServingTls.AdminSection)) builder.WebHost.UseQuic();
        builder.Services.AddServing(options =>
        {
            options.DataDirectory = directory.ApiNode;
            options.AdminKey = adminKey;
        });
        if (settings.Tls is { } tls) builder.Services.Configure(ServingTls.Node, tls);
        if (settings.AdminPort is { } adminPort)
        {
            builder.Services.Configure<AccessOptions>(access =>
            {
                access.AdminPort = adminPort;
                access.AdminAddress = settings.AdminBind.ToString();
            });
        }

        if (settings.HasControlPlane)
        {
            builder.Services.AddSingleton<ControlPlaneStart>();
            builder.Services.AddSingleton<IReadinessCondition>(provider => provider.GetRequiredService<ControlPlaneStart>());
        }

        builder.Services.AddInlineSockets();
        if (settings.GrpcPort is { } port) builder.AddGrpcInference(settings.Bind, port);
        var app = builder.Build();
        app.UseNodeDefaults();
        app.UseServing();
        return app;

        bool IsSet(string section) => builder.Configuration.GetSection(section).Exists();
    }
}
