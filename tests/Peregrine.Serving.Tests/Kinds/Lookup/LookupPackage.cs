using System.Text;
using Peregrine.Models.Artifacts;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Packages.Manifests;
using Peregrine.Records;

namespace Peregrine.Serving.Tests.Kinds.Lookup;

/// <summary>A package of service <c>refs</c> with endpoint <c>people</c>, which finds three people by country and number.</summary>
internal sealed class LookupPackage
{
    public const string Service = "refs";

    public string Version { get; init; } = "v1";

    public LookupSettings Settings { get; init; } = new();

    public ServiceAuthorization Authorization { get; init; } = ServiceAuthorization.Public;

    /// <summary>The name of the first one.</summary>
    public string Name { get; init; } = "Ann";

    /// <summary>Rows to add, of country XX and numbers from 0.</summary>
    public int More { get; init; }

    public IReadOnlyList<EndpointSource> Others { get; init; } = [];

    public byte[] Write()
    {
        string[] countries = ["FR", "GB", "GB", .. Enumerable.Repeat("XX", More)];
        double[] numbers = [1, 1, 1, .. Enumerable.Range(0, More).Select(row => (double)row)];
        var content = new PackageContent
        {
            ServiceId = Service,
            VersionId = Version,
            CreatedOn = DateTimeOffset.UnixEpoch,
            Authorization = Authorization,
            Endpoints =
            [
                new LookupEndpointSource
                {
                    Id = "people",
                    Settings = Settings,
                    Keys = [Texts("country", countries), new LookupTableColumn(new Field("number", FieldKind.Integer), numbers)],
                    Columns =
                    [
                        Texts("name", [Name, "Bob", "Cyd", .. Enumerable.Range(0, More).Select(row => $"person {row}")]),
                        new LookupTableColumn(new Field("since", FieldKind.Date), [1769817600, double.NaN, 0, .. Enumerable.Repeat(0.0, More)]),
                    ],
                },
                .. Others,
            ],
        };
        using var target = new MemoryStream();
        new PackageWriter(EndpointKinds.All).Write(content, target);
        return target.ToArray();
    }

    public async Task<TestNode> StartAsync(ApiNodeBuilder? builder = null)
    {
        var node = await (builder ?? new ApiNodeBuilder()).StartAsync();
        await node.ImportAsync(Service, Write());
        await node.SwitchAsync(Version, Service);
        return node;
    }

    private static LookupTableColumn Texts(string name, IEnumerable<string> values) => new(new Field(name, FieldKind.Text), [.. values.Select(Encoding.UTF8.GetBytes)]);
}
