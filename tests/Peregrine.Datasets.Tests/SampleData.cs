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

    public static Stream Open(string name) => File.OpenRead(Path(name));
}
