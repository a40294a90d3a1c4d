using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Store;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Store;

public sealed class DeployerStoreTests
{
    [Fact]
    public async Task Start_OnAStoreOfANewerVersion_IsRefusedWithWhatToDo()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        await using (var deployer = await Deployer.StartAsync(folder: folder))
        {
            await using var db = await deployer.Services.GetRequiredService<IDbContextFactory<DeployerDbContext>>().CreateDbContextAsync();
            (await db.SchemaVersions.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, 99))).ShouldBe(1);
        }

        var refused = await Should.ThrowAsync<InvalidDataException>(() => Deployer.StartAsync(folder: folder));

        refused.Message.ShouldContain("99");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Restart_OnTheSameFolder_GoesOnWithEverything()
    {
        await using var node = await ApiNode.StartAsync();
        var folder = Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        await using (var deployer = await Deployer.StartAsync(folder: folder)) await deployer.DeployAsync(node);

        await using (var restarted = await Deployer.StartAsync(folder: folder))
        {
            (await restarted.StatusAsync()).Text("health").ShouldBe("HEALTHY");
            (await restarted.GetAsync("/services/fraud")).Json["packages"]!.AsArray().Count.ShouldBe(2);
            await restarted.SetVersionAsync("v2");
            (await restarted.UpdateAsync()).Text("result", "health").ShouldBe("HEALTHY");
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Start_OnAStoreOfTheFirstLayout_UpgradesItAndGoesOn()
    {
        await using var node = await ApiNode.StartAsync();
        var folder = Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        await using (var deployer = await Deployer.StartAsync(folder: folder))
        {
            await deployer.DeployAsync(node);
            await using var db = await deployer.Services.GetRequiredService<IDbContextFactory<DeployerDbContext>>().CreateDbContextAsync();
            var schema = db.Database.IsNpgsql() ? $"{DeployerDbContext.Schema}." : "";
#pragma warning disable EF1002 // a constant, not what somebody gave
            await db.Database.ExecuteSqlRawAsync($"DROP TABLE {schema}deployment_keys");
#pragma warning restore EF1002
            await db.SchemaVersions.ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, 1));
        }

        await using (var upgraded = await Deployer.StartAsync(folder: folder))
        {
            (await upgraded.PostAsync("/deployments/d1/keys", """{"label":"checkout"}""")).ShouldSucceed();
            (await upgraded.StatusAsync()).Text("health").ShouldBe("HEALTHY");
            await upgraded.ChangeSettingsAsync("""{"enabled":false}""");
            (await upgraded.DeleteAsync("/deployments/d1")).ShouldSucceed(); // takes its keys along
            await using var db = await upgraded.Services.GetRequiredService<IDbContextFactory<DeployerDbContext>>().CreateDbContextAsync();
            (await db.DeploymentKeys.CountAsync()).ShouldBe(0);
            (await db.SchemaVersions.SingleAsync()).Version.ShouldBe(2);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Start_WithBadOptions_NamesThem()
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => Deployer.StartAsync(options =>
        {
            options.ReconcileInterval = TimeSpan.Zero;
            options.BlobDirectory = "";
        }));

        refused.Message.ShouldContain("ReconcileInterval");
        refused.Message.ShouldContain("BlobDirectory");
    }
}
