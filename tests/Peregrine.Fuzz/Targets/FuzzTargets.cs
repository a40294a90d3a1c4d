namespace Peregrine.Fuzz.Targets;

/// <summary>Everything that is fed, with a real node for what needs one.</summary>
internal sealed class FuzzTargets : IAsyncDisposable
{
    private readonly FuzzNode _node;

    private FuzzTargets(FuzzNode node)
    {
        _node = node;
        All =
        [
            new JsonTarget(), new RecordTarget(), new ValuesTarget(), new EngineTarget(node, many: false), new EngineTarget(node, many: true), new QueryTarget(node),
            new LogTarget(), new RingTarget(), new PackageTarget(sealAgain: false), new PackageTarget(sealAgain: true), new ModelTarget(), new CsvTarget(),
        ];
    }

    public IReadOnlyList<IFuzzTarget> All { get; }

    public static async Task<FuzzTargets> CreateAsync() => new(await FuzzNode.StartAsync());

    /// <summary>The slow ones get fewer cases.</summary>
    public double ShareOf(IFuzzTarget target, IReadOnlyList<IFuzzTarget> chosen) => WeightOf(target) / chosen.Sum(WeightOf);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static double WeightOf(IFuzzTarget target) => target is PackageTarget or ModelTarget or CsvTarget ? 1 : 8;
}
