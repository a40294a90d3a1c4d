namespace Peregrine.Deploying.Tests;

/// <summary>
/// The store of the tests: SQLite, or a database of its own for each Deployer on the PostgreSQL server that the environment
/// variable names (<c>Host=…;Username=…</c>, with the right to create databases).
/// </summary>
internal static class TestDatabase
{
    private const string Variable = "PEREGRINE_TEST_POSTGRES";

    /// <summary>The connection string for what is kept in a folder; null for SQLite.</summary>
    public static string? Of(string folder)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } server) return null;
        var note = Path.Combine(folder, "database.txt");
        if (!File.Exists(note)) File.WriteAllText(note, $"peregrine_{Guid.NewGuid():N}");
        return $"{server};Database={File.ReadAllText(note)};Pooling=false";
    }
}
