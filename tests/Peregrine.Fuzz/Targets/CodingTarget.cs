using System.Buffers;
using System.Text;
using Peregrine.Serving.Coding;

namespace Peregrine.Fuzz.Targets;

/// <summary>Packed bodies: unpacked as far as the limit allows, or refused as not of their coding. What is packed unpacks to the same; of codings offered one is chosen that was offered.</summary>
internal sealed class CodingTarget : IFuzzTarget
{
    private const int Limit = 128 * 1024;

    private static readonly string[] s_codings = [BodyCoding.Gzip, BodyCoding.Deflate, BodyCoding.Brotli];

    public string Name => "coding";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. s_codings.SelectMany(coding => new[] { 0, 1, 2000, Limit, Limit + 1, 100 * Limit }.Select(length => BodyCoding.Encode(new byte[length], coding))),
        .. s_codings.Select(coding => BodyCoding.Encode("""{"features":{"amount":12.5,"country":"FR"}}"""u8, coding)),
        .. Fuzz.Corpus.Words("gzip, deflate, br", "GZIP;q=0, br;q=0.5", "*;q=0, identity"),
    ];

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. Fuzz.Corpus.Words("gzip", "br", "deflate", "identity", ",", ";q=0", ";q=0.000", "; q = 1", "*", " "),
        [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0xFF], [0x78, 0x01], [0x78, 0x9C], [0, 0, 0, 0], [0xFF, 0xFF], [0x00, 0xFF, 0xFF],
    ];

    public long AllocationLimit(int inputLength) => 1024 * 1024 + 8L * Limit + 64L * inputLength;

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (var coding in s_codings)
        {
            Unpack(input, coding);
            if (input.Length <= Limit) CheckBack(input, coding);
        }

        var offered = Encoding.Latin1.GetString(input);
        if (BodyCoding.Choose(offered) is { } chosen && (!BodyCoding.IsKnown(chosen) || !offered.Contains(chosen, StringComparison.OrdinalIgnoreCase)))
            throw new FuzzFault($"'{chosen}' is chosen of '{offered}'.");
    }

    private static void Unpack(ReadOnlySpan<byte> input, string coding)
    {
        try
        {
            var (bytes, length) = BodyCoding.Decode(input, coding, Limit);
            if (bytes is null) return;
            if (length > Limit) throw new FuzzFault($"{length} bytes of {coding} are more than the limit.");
            ArrayPool<byte>.Shared.Return(bytes);
        }
        catch (InvalidDataException)
        {
            // Not of this coding, which is what it says.
        }
    }

    private static void CheckBack(ReadOnlySpan<byte> input, string coding)
    {
        var (bytes, length) = BodyCoding.Decode(BodyCoding.Encode(input, coding), coding, Limit);
        if (bytes is null || !bytes.AsSpan(0, length).SequenceEqual(input)) throw new FuzzFault($"What was packed with {coding} unpacks to something else.");
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
