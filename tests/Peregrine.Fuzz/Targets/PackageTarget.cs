using System.Text;
using Peregrine.Packages;
using Peregrine.Packages.Archives;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Verification;

namespace Peregrine.Fuzz.Targets;

/// <summary>A package file, altered: read whole, or refused as a package. Sealed again, the alteration reaches what lies behind the seal.</summary>
internal sealed class PackageTarget(bool sealAgain) : IFuzzTarget
{
    private readonly PackageVerifier _verifier = new(EndpointKinds.All);

    public string Name => sealAgain ? "resealed" : "package";

    public IReadOnlyList<byte[]> Corpus { get; } = [FuzzNode.WritePackage()];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        "PK\u0003\u0004"u8.ToArray(), "PK\u0001\u0002"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(), "manifest.json"u8.ToArray(), "../"u8.ToArray(), [255, 255, 255, 255], [0, 0, 0, 0], [255, 255, 255, 31], [1],
        "\"length\":"u8.ToArray(), "\"serviceId\":"u8.ToArray(), "null"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "99999999999"u8.ToArray(), "endpoints/score/"u8.ToArray(),
    ];

    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 64L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        using var stream = new MemoryStream();
        stream.Write(input);
        if (sealAgain) Seal(stream);
        stream.Position = 0;
        try
        {
            using var package = PackageReader.Open(stream);
            _verifier.Verify(package, CancellationToken.None);
        }
        catch (PackageException refused)
        {
            if (refused.Message.Length == 0) throw new FuzzFault("It was refused without a word.");
        }
    }

    /// <summary>Marker and hash at the end, as the writer puts them.</summary>
    private static void Seal(MemoryStream archive)
    {
        if (archive.Length < PackageSeal.Open.Length) return;
        archive.Position = archive.Length - PackageSeal.Open.Length;
        archive.Write(Encoding.ASCII.GetBytes(PackageSeal.Open));
        PackageSeal.Close(archive);
    }
}
