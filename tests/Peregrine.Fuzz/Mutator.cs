namespace Peregrine.Fuzz;

/// <summary>Makes one input from a seed: the same seed, the same input.</summary>
internal sealed class Mutator(IFuzzTarget target)
{
    private const int Longest = 64 * 1024;

    public byte[] Make(ulong seed, ulong number)
    {
        var random = new Random(HashCode(seed, number));
        var bytes = new List<byte>(Pick(random, target.Corpus));
        // One in sixteen stays as it is: good input has to stay good.
        for (var changes = random.Next(16); changes > 0; changes = random.Next(3) == 0 ? 0 : changes - 1) Change(random, bytes);
        if (bytes.Count > Longest) bytes.RemoveRange(Longest, bytes.Count - Longest);
        return [.. bytes];
    }

    private void Change(Random random, List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(1 << random.Next(8), bytes.Count - at);
        switch (random.Next(10))
        {
            case 0: if (length > 0) bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: if (length > 0) bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.Insert(at, (byte)random.Next(256)); break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4 or 5 or 6: bytes.InsertRange(at, Pick(random, target.Words)); break;
            case 7: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
            case 8: Splice(random, bytes, at); break;
            default: Repeat(random, bytes, at); break;
        }
    }

    private void Splice(Random random, List<byte> bytes, int at)
    {
        var other = Pick(random, target.Corpus);
        if (other.Length == 0) return;
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length)));
    }

    private void Repeat(Random random, List<byte> bytes, int at)
    {
        var word = Pick(random, target.Words);
        for (var times = 1 << random.Next(11); times > 0 && bytes.Count < Longest; times--) bytes.InsertRange(at, word);
    }

    private static byte[] Pick(Random random, IReadOnlyList<byte[]> from) => from[random.Next(from.Count)];

    /// <summary>SplitMix64, so that neighbouring numbers have nothing in common.</summary>
    private static int HashCode(ulong seed, ulong number)
    {
        var z = seed + (number + 1) * 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)(z ^ (z >> 31));
    }
}
