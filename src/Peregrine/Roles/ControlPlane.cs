using Microsoft.AspNetCore.DataProtection;
using Peregrine.DataDirectories;
using Peregrine.Deploying;
using Peregrine.Designing;
using Peregrine.Hosting;
using Peregrine.Hosting.Authentication;
using Peregrine.Web;

namespace Peregrine.Roles;

/// <summary>Composes the control plane: the Design node, the Deployer, and the pages where both are.</summary>
internal static class ControlPlane
{
    public static WebApplication Build(RoleSettings settings, DataDirectory directory, AdminKeyStore keys, string ownKey)
    {
        var builder = NodeBuilder.Create(settings, settings.Port, "control plane");
        builder.Services.AddApiKeyAuthentication(keys);
        builder.Services.AddDataProtection().SetApplicationName("peregrine").PersistKeysToFileSystem(Directory.CreateDirectory(directory.DataProtectionKeys));
        if (settings.Has(Role.Design)) builder.Services.AddDesigning(options => Configure(options, settings, directory, ownKey));
        if (settings.Has(Role.Deployer)) builder.Services.AddDeploying(options => Configure(options, settings, directory));
        if (settings.Has(Role.Web)) builder.Services.AddPeregrineWeb();

        var app = builder.Build();
        app.UseNodeDefaults();
        if (settings.Has(Role.Design)) app.MapDesigning();
        if (settings.Has(Role.Deployer)) app.MapDeploying();
        if (settings.Has(Role.Web)) app.MapPeregrineWeb();
        return app;
    }

    private static void Configure(DesigningOptions options, RoleSettings settings, DataDirectory directory, string ownKey)
    {
        options.DataDirectory = directory.Design;
        options.BlobDirectory = directory.Blobs;
        options.ConnectionString = settings.Store;
        options.DeployerUrl = settings.Has(Role.Deployer) ? settings.Url : settings.DeployerUrl;
        options.DeployerKey = settings.Has(Role.Deployer) ? ownKey : settings.DeployerKey;
    }

    private static void Configure(DeployingOptions options, RoleSettings settings, DataDirectory directory)
    {
        options.DataDirectory = directory.Deployer;
        options.BlobDirectory = directory.Blobs;
        options.ConnectionString = settings.Store;
        options.NodeTls = settings.NodeTls;
    }
}
