using Microsoft.Data.Sqlite;
using Peregrine.Designing.Store;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Store;

public sealed class DesignStoreTests
{
    [Fact]
    public async Task Start_OnAnEarlierDirectory_FindsWhatWasThere()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-store-").FullName;
        await using (var first = await DesignNode.StartAsync(directory))
            await first.PostAsync("/dip/publicapi/projects/", """{"projectKey":"P","name":"p"}""");
        await using (var second = await DesignNode.StartAsync(directory))
            (await second.ListAsync("/dip/publicapi/projects/")).Count.ShouldBe(1);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Start_OnANewerStore_IsRefusedAndLeavesItAlone()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-store-").FullName;
        await (await DesignNode.StartAsync(directory)).DisposeAsync();
        Execute(directory, "UPDATE schema_version SET \"Version\" = 99");
        var fault = await Should.ThrowAsync<DesignStoreException>(() => DesignNode.StartAsync(directory));
        fault.Message.ShouldContain("version 99");
        fault.Message.ShouldContain("design.db");
        Execute(directory, "SELECT \"Version\" FROM schema_version").ShouldBe(99L);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Store_UsesTheWriteAheadLog()
    {
        await using var node = await DesignNode.StartAsync();
        Execute(node.Directory, "PRAGMA journal_mode").ShouldBe("wal");
    }

    private static object? Execute(string directory, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "design", "design.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
