namespace Peregrine.Fuzz.Targets;

/// <summary>Everything that is fed, with a real node for what needs one.</summary>
internal sealed class FuzzTargets : IAsyncDisposable
{
    private readonly FuzzNode _node;

    private FuzzTargets(FuzzNode node)
    {
        _node = node;
        var ask = new InferAsk(node);
        All =
        [
            new JsonTarget(), new RecordTarget(), new ValuesTarget(), new EngineTarget(node, many: false), new EngineTarget(node, many: true), new QueryTarget(node),
            new LogTarget(), new RingTarget(), new PackageTarget(sealAgain: false), new PackageTarget(sealAgain: true), new ModelTarget(), new CsvTarget(),
            new InferTarget(ask), new ProtoTarget(ask), new SameTarget(ask), new FrameTarget(node), new UserTarget(node), new LookupTarget(node), new ColumnsTarget(node), new StreamTarget(node, isCsv: true),
            new StreamTarget(node, isCsv: false), new CodingTarget(), new HeadersTarget(), new RulesTarget(), new TokenTarget(), new JwksTarget(),
        ];
    }

    public IReadOnlyList<IFuzzTarget> All { get; }

    public static async Task<FuzzTargets> CreateAsync() => new(await FuzzNode.StartAsync());

    /// <summary>The slow ones get fewer cases.</summary>
    public double ShareOf(IFuzzTarget target, IReadOnlyList<IFuzzTarget> chosen) => WeightOf(target) / chosen.Sum(WeightOf);

    /// <summary>Those of which a thousand cases take seconds.</summary>
    public static bool IsSlow(IFuzzTarget target) => WeightOf(target) == 1;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static double WeightOf(IFuzzTarget target) => target switch
    {
        PackageTarget or ModelTarget or CsvTarget or CodingTarget or TokenTarget => 1,
        JwksTarget or FrameTarget or UserTarget or LookupTarget => 4,
        _ => 8,
    };
}
