namespace Peregrine.FunctionalTests.Processes;

/// <summary>Where the sources, the built program and the sample tables lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program as built beside these tests, in the same configuration.</summary>
    public static string Program { get; } =
        Path.Combine(Root, "src", "Peregrine", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, "net10.0", "peregrine.dll");

    /// <summary>A table of the sample data beside the repository; null where it is not there.</summary>
    public static string? SharedData(string name)
    {
        for (var folder = new DirectoryInfo(Root); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(path)) return path;
        }

        return null;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Peregrine.slnx is in no folder above the tests.");
    }
}
