namespace Peregrine.Datasets.Tests;

/// <summary>The real tables, beside the repository.</summary>
internal static class SampleData
{
    public static string Path(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Peregrine.slnx"))) folder = folder.Parent;
        return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder!.FullName, "..", "shared", "data", name));
    }

    /// <summary>Skips the test where the tables are not there: they are no part of the repository.</summary>
    public static Stream Open(string name)
    {
        if (!File.Exists(Path(name))) Assert.Skip($"the sample table {name} is not beside the repository");
        return File.OpenRead(Path(name));
    }
}
