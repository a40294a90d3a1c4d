using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Designing.Store;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Store;

public sealed class PostgresStoreTests
{
    [Fact]
    public async Task WholeDesign_OnPostgreSql_WorksAndSurvivesARestart()
    {
        await using var postgres = await PostgresServer.TryStartAsync();
        Assert.SkipWhen(postgres is null, "no PostgreSQL server on this machine");
        var directory = Directory.CreateTempSubdirectory("peregrine-pg-").FullName;
        var project = $"P{Guid.NewGuid():N}"[..12];
        string service;
        await using (var node = await DesignNode.StartAsync(directory, options => options.ConnectionString = postgres!.ConnectionString))
        {
            File.Exists(Path.Combine(directory, "design", "design.db")).ShouldBeFalse();
            await node.CreateDatasetAsync("pay", PaymentTable.Csv(300), project);
            var task = await node.CreateTaskAsync("pay", "is_fraud", project);
            var model = (await node.TrainAsync(task, "logistic_regression")).Single();
            service = await node.CreateServiceAsync("fraud", await node.DeployAsync(task, model, "pay"), project);
            (await node.SendAsync(HttpMethod.Post, $"{service}/packages/v1")).EnsureSuccessStatusCode();
        }

        await using (var node = await DesignNode.StartAsync(directory, options => options.ConnectionString = postgres!.ConnectionString))
        {
            (await node.ListAsync($"{service}/packages")).Single()!["id"]!.GetValue<string>().ShouldBe("v1");
            await node.RefusedAsync(409, HttpMethod.Post, "/dip/publicapi/projects/", $$"""{"projectKey":"{{project}}","name":"again"}""");
            await using (var db = await node.Services.GetRequiredService<IDbContextFactory<DesignDbContext>>().CreateDbContextAsync())
                (await db.Database.SqlQueryRaw<string>(
                    "SELECT table_schema AS \"Value\" FROM information_schema.tables WHERE table_name = 'projects'").ToListAsync()).ShouldBe(["design"]);
            await node.JsonAsync(HttpMethod.Delete, $"/dip/publicapi/projects/{project}");
        }

        Directory.Delete(directory, recursive: true);
    }
}
