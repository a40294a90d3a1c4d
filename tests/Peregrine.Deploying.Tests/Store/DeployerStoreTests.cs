using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Peregrine.Deploying.Tests.Nodes;

namespace Peregrine.Deploying.Tests.Store;

public sealed class DeployerStoreTests
{
    [Fact]
    public async Task Start_OnAStoreOfANewerVersion_IsRefusedWithWhatToDo()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-deployer-").FullName;
        await using (var deployer = await Deployer.StartAsync(folder: folder)) await deployer.AddServiceAsync("v1");
        await ExecuteAsync(folder, "UPDATE schema_version SET \"Version\" = 99");

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

    private static async Task ExecuteAsync(string folder, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "deployer", "deployer.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
