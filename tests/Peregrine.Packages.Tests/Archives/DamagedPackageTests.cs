using CsCheck;
using Peregrine.Models;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Prediction;
using Peregrine.Packages.Verification;

namespace Peregrine.Packages.Tests.Archives;

/// <summary>Whatever happens to a package on its way, it is refused in words or it is as good as it was.</summary>
public sealed class DamagedPackageTests
{
    private static readonly byte[] Good = new PackageBuilder().Write();

    [Fact]
    public void Package_WithAnyBitFlipped_IsRefused() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 7]).Sample((position, bit) =>
        {
            var damaged = Good.ToArray();
            damaged[position] ^= (byte)(1 << bit);
            return Verify(damaged) is { Code: PackageFaultCode.NotAPackage };
        }, iter: 5000);

    [Fact]
    public void Package_CutShortAnywhere_IsRefused() =>
        Gen.Int[0, Good.Length - 1].Sample(length => Verify(Good[..length]) is { Code: PackageFaultCode.NotAPackage }, iter: 2000);

    [Fact]
    public void Package_WithBytesBehindIt_IsRefused() =>
        Gen.Byte.Array[1, 100].Sample(tail => Verify([.. Good, .. tail]) is { Code: PackageFaultCode.NotAPackage });

    /// <summary>Behind the seal: a hostile maker can seal what he likes, and still gets no more than a refusal.</summary>
    [Fact]
    public void Package_ChangedAndSealedAgain_IsRefusedOrStaysFaithful_AndNeverCrashes() =>
        Gen.Select(Gen.Int[0, Good.Length - 65], Gen.Byte).Sample((position, value) =>
        {
            Verify(HostileArchive.Reseal(Good, position, value)); // any other exception than a refusal fails the test
        }, iter: 5000);

    /// <summary>A hostile model inside a package whose digests all hold.</summary>
    [Theory]
    [InlineData("linear")]
    [InlineData("trees")]
    public void Package_WithAnyByteOfItsModelChanged_IsRefusedOrStaysFaithful_AndNeverCrashes(string predictor)
    {
        var artifact = predictor == "linear" ? Models.Binary() : Models.Trees();
        var golden = GoldenRecords.Answer(CompiledModel.Compile(artifact), Models.Utf8(Models.Inputs));
        var model = artifact.ToBytes();
        Gen.Select(Gen.Int[0, model.Length - 1], Gen.Byte).Sample((position, value) =>
        {
            var changed = model.ToArray();
            changed[position] = value;
            Verify(HostileArchive.Replace("endpoints/score/model.pgm", changed, GoldenRecords.Write(golden)));
        }, iter: 3000);
    }

    private static PackageFault? Verify(byte[] archive)
    {
        try
        {
            using var reader = PackageBuilder.Open(archive);
            new PackageVerifier(EndpointKinds.All).Verify(reader, CancellationToken.None).EnsureFaithful();
            return null;
        }
        catch (PackageException refusal)
        {
            return refusal.Fault;
        }
    }
}
