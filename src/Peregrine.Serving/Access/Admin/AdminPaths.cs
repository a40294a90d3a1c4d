namespace Peregrine.Serving.Access.Admin;

/// <summary>Sorts paths by their first segment, as routing would: whatever the case and however many slashes.</summary>
internal static class AdminPaths
{
    private static readonly string[] s_probes = ["livez", "readyz", "isAlive", "metrics"];

    public static bool IsAdmin(string? path) => First(path).Equals("admin", StringComparison.OrdinalIgnoreCase);

    public static bool IsProbe(string? path)
    {
        foreach (var probe in s_probes)
            if (First(path).Equals(probe, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static ReadOnlySpan<char> First(string? path)
    {
        var rest = path.AsSpan().TrimStart('/');
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }
}
