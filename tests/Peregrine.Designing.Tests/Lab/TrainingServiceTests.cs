using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Peregrine.Designing.Lab;
using Peregrine.Designing.Store;
using Peregrine.Designing.Tests.Support;

namespace Peregrine.Designing.Tests.Lab;

public sealed class TrainingServiceTests
{
    [Fact]
    public async Task Abort_OfARunningSession_EndsItAndFreesTheTask()
    {
        await using var node = await DesignNode.StartAsync();
        await node.CreateDatasetAsync("pay", PaymentTable.Csv(20_000));
        var task = await node.CreateTaskAsync("pay", "is_fraud");
        await node.PostAsync($"{task}/train", "{}");
        var status = await node.GetAsync($"{task}/status");
        status["training"]!.GetValue<bool>().ShouldBeTrue();
        await node.RefusedAsync(409, HttpMethod.Post, $"{task}/train", "{}");
        await node.RefusedAsync(409, HttpMethod.Delete, $"{task}/");
        await node.RefusedAsync(409, HttpMethod.Delete, "/dip/publicapi/projects/P");
        (await node.PostAsync($"{task}/actions/abort"))["aborted"]!.GetValue<bool>().ShouldBeTrue();
        var ended = await node.WaitTrainedAsync(task);
        var states = new List<string>();
        foreach (var model in ended["fullModelIds"]!.AsArray())
            states.Add((await node.SnippetAsync(task, model!["id"]!.GetValue<string>()))["trainInfo"]!["state"]!.GetValue<string>());
        states.ShouldContain("ABORTED");
        states.ShouldNotContain("RUNNING");
        (await node.TrainAsync(task, "logistic_regression")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Start_WhenTheQueueIsFull_Is503()
    {
        await using var node = await DesignNode.StartAsync(configure: options => options.MaxQueuedTrainings = 1);
        await node.CreateDatasetAsync("pay", PaymentTable.Csv(20_000));
        var tasks = new List<string>();
        for (var i = 0; i < 3; i++) tasks.Add(await node.CreateTaskAsync("pay", "is_fraud"));
        await node.PostAsync($"{tasks[0]}/train", "{}");
        await node.PostAsync($"{tasks[1]}/train", "{}");
        await node.RefusedAsync(503, HttpMethod.Post, $"{tasks[2]}/train", "{}");
        (await node.GetAsync($"{tasks[1]}/status"))["progress"]!["phase"]!.GetValue<string>().ShouldNotBeEmpty();
        await node.PostAsync($"{tasks[1]}/actions/abort");
        await node.PostAsync($"{tasks[0]}/actions/abort");
        foreach (var task in tasks.Take(2)) await node.WaitTrainedAsync(task);
        await node.TrainAsync(tasks[2], "logistic_regression");
    }

    [Fact]
    public async Task Start_AfterTheProcessEndedInATraining_MarksItFailedWithTheReason()
    {
        var directory = Directory.CreateTempSubdirectory("peregrine-restart-").FullName;
        string task, model;
        await using (var first = await DesignNode.StartAsync(directory))
        {
            await first.CreateDatasetAsync("pay", PaymentTable.Csv(300));
            task = await first.CreateTaskAsync("pay", "is_fraud");
            model = (await first.TrainAsync(task, "logistic_regression")).Single();

            // The rows as kill -9 leaves them: a training of which only the store knows.
            await using var db = await first.Services.GetRequiredService<IDbContextFactory<DesignDbContext>>().CreateDbContextAsync();
            await db.TrainedModels.ExecuteUpdateAsync(row => row.SetProperty(r => r.State, RunState.Running));
        }

        await using (var second = await DesignNode.StartAsync(directory))
        {
            (await second.GetAsync($"{task}/status"))["training"]!.GetValue<bool>().ShouldBeFalse();
            var snippet = await second.SnippetAsync(task, model);
            snippet["trainInfo"]!["state"]!.GetValue<string>().ShouldBe("FAILED");
            snippet["trainInfo"]!["failure"]!["message"]!.GetValue<string>().ShouldContain("Train again");
            (await second.TrainAsync(task, "logistic_regression")).Single().ShouldEndWith("-s2-pp1-m1");
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Train_TwiceFromTheSameData_GivesTheSameModelByteForByte()
    {
        await using var node = await DesignNode.StartAsync();
        await node.CreateDatasetAsync("pay", PaymentTable.Csv(500));
        var task = await node.CreateTaskAsync("pay", "is_fraud");
        var first = (await node.TrainAsync(task, "lightgbm_classification")).Single();
        var second = (await node.TrainAsync(task)).Single();
        var training = node.Services.GetRequiredService<TrainingService>();
        var a = await training.GetModelAsync("P", first, CancellationToken.None);
        var b = await training.GetModelAsync("P", second, CancellationToken.None);
        a.ArtifactDigest.ShouldBe(b.ArtifactDigest);
        a.DatasetDigest.ShouldBe(b.DatasetDigest);
    }
}
