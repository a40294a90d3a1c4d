using System.Text;

namespace Peregrine.Fuzz;

/// <summary>The stored inputs, one file each, in folders by kind.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Of(string kind)
    {
        var assembly = typeof(Corpus).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith($"corpus/{kind}/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

        byte[] Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    public static IReadOnlyList<byte[]> Words(params ReadOnlySpan<string> words)
    {
        var bytes = new List<byte[]>();
        foreach (var word in words) bytes.Add(Encoding.UTF8.GetBytes(word));
        return bytes;
    }
}
