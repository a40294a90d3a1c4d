using System.Text;

namespace Peregrine.Benchmarks.Explanations;

/// <summary>The demo's payments as JSON, spread over its whole period.</summary>
internal static class Payments
{
    public static List<byte[]> Read(string file, int count)
    {
        var lines = File.ReadAllLines(file);
        var header = lines[0].Split(',');
        var step = Math.Max(1, (lines.Length - 1) / count);
        var payments = new List<byte[]>(count);
        for (var i = 1; i < lines.Length && payments.Count < count; i += step)
        {
            // The simulator writes no quotes here.
            var members = lines[i].Split(',').Zip(header, (value, name) => $"\"{name}\":\"{value}\"");
            payments.Add(Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}"));
        }

        return payments;
    }
}
