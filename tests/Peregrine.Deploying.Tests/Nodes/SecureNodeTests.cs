using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Nodes;
using Peregrine.Hosting;
using Peregrine.Hosting.Tls;
using Peregrine.Serving;
using Peregrine.Serving.Transport;

namespace Peregrine.Deploying.Tests.Nodes;

/// <summary>A node whose certificate comes from an authority that only the Deployer's options name.</summary>
public sealed class SecureNodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-secure-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Certificate => Path.Combine(_folder, "node.pem");

    [Fact]
    public async Task Node_WithAPrivateAuthority_IsReachedByADeployerThatKnowsIt()
    {
        await using var node = await StartNodeAsync();
        var target = new NodeTarget(UrlOf(node), ApiNode.AdminKey);

        await using (var knowing = await Deployer.StartAsync(options => options.NodeTls = new ClientTls(Certificate, Certificate)))
        {
            await knowing.Services.GetRequiredService<ApiNodeClient>().CreateServiceAsync(target, "fraud", TestContext.Current.CancellationToken);
            (await knowing.Services.GetRequiredService<ApiNodeClient>().FindServiceAsync(target, "fraud", TestContext.Current.CancellationToken)).ShouldNotBeNull();
        }

        await using var ignorant = await Deployer.StartAsync();
        var refused = await Should.ThrowAsync<NodeException>(ignorant.Services.GetRequiredService<ApiNodeClient>().FindServiceAsync(target, "fraud", TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("--node-ca");
        refused.IsUnreachable.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_WithAFileThatIsNotThere_EndsWithItsName()
    {
        var wrong = await Should.ThrowAsync<OptionsValidationException>(Deployer.StartAsync(options => options.NodeTls = new ClientTls(Path.Combine(_folder, "nowhere.pem"))));

        wrong.Message.ShouldContain("nowhere.pem");
    }

    private async Task<WebApplication> StartNodeAsync()
    {
        WriteCertificate();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        foreach (var (name, value) in new[] { ("CertificateFile", Certificate), ("ClientCertificates", "Require"), ("ClientCaFile", Certificate) })
            builder.Configuration[$"{ServingTls.NodeSection}:{name}"] = value;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenNode(IPAddress.Loopback, 0, "node", [ServingTls.Node]));
        builder.AddNodeDefaults(node => node.DrainDelay = TimeSpan.Zero);
        builder.Services.AddServing(options =>
        {
            options.DataDirectory = Path.Combine(_folder, "node");
            options.AdminKey = ApiNode.AdminKey;
        });
        var app = builder.Build();
        app.UseNodeDefaults();
        app.UseServing();
        await app.StartAsync();
        return app;
    }

    private static string UrlOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>One that signs for itself, with its key in the same file.</summary>
    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Certificate, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
