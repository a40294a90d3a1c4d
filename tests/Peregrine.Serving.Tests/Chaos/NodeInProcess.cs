namespace Peregrine.Serving.Tests.Chaos;

/// <summary>A node of this process, stopped and started on its folder.</summary>
internal sealed class NodeInProcess : ChaosNode
{
    private TestNode? _node;
    private Uri _address = new("http://127.0.0.1:1");
    private Uri _grpcAddress = new("http://127.0.0.1:1");

    public override string Folder { get; } = Directory.CreateTempSubdirectory("peregrine-chaos-").FullName;

    protected override Uri Address => Volatile.Read(ref _address);

    protected override Uri GrpcAddress => Volatile.Read(ref _grpcAddress);

    protected override string AdminKey => ApiNodeBuilder.AdminKey;

    public override async Task StartAsync()
    {
        // Callers with keys that have ended share their address with all others.
        _node = await new ApiNodeBuilder().On(Folder).WithGrpc().WithSetting("Serving:Access:FailedAttempts", "0").StartAsync();
        Volatile.Write(ref _grpcAddress, _node.GrpcAddress);
        Volatile.Write(ref _address, _node.Address);
    }

    public override Task EndAsync() => _node!.StopAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_node is not null) await _node.StopAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
