namespace Peregrine.Designing.Tests.Support;

/// <summary>One node with a trained task, shared by tests that only read it or add things of their own.</summary>
public sealed class TrainedNode : IAsyncLifetime
{
    internal DesignNode Node { get; private set; } = null!;

    internal string Task { get; private set; } = "";

    internal string Linear { get; private set; } = "";

    internal string Trees { get; private set; } = "";

    internal string SavedModel { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Node = await DesignNode.StartAsync();
        await Node.CreateDatasetAsync("pay", PaymentTable.Csv(800));
        Task = await Node.CreateTaskAsync("pay", "is_fraud");
        var models = await Node.TrainAsync(Task, "logistic_regression", "lightgbm_classification");
        (Linear, Trees) = (models[0], models[1]);
        SavedModel = await Node.DeployAsync(Task, Trees, "pay");
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
