using Peregrine.Models;
using Peregrine.Models.Artifacts;

namespace Peregrine.Fuzz.Targets;

/// <summary>The model inside a package, altered: it compiles or throws, and takes no more memory than its bytes explain.</summary>
internal sealed class ModelTarget : IFuzzTarget
{
    public string Name => "model";

    public IReadOnlyList<byte[]> Corpus { get; } = [FuzzNode.Model.ToBytes()];

    public IReadOnlyList<byte[]> Words { get; } = [[255, 255, 255, 127], [0, 0, 0, 0], [255], "{}"u8.ToArray(), "\"weights\":"u8.ToArray(), "1e308"u8.ToArray(), "null"u8.ToArray(), "[[]]"u8.ToArray(), [0, 0, 0, 128]];

    public long AllocationLimit(int inputLength) => 4 * 1024 * 1024 + 256L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            var model = CompiledModel.Compile(ModelArtifact.Read(new MemoryStream(input.ToArray(), writable: false)));
            var context = model.Rent();
            model.Score(context);
            model.Return(context);
        }
        catch (Exception refused) when (refused is not (OutOfMemoryException or FuzzFault))
        {
            // The package reader turns whatever a hostile model makes fail into a refusal.
        }
    }
}
