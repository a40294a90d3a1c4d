using System.Xml.Linq;

namespace Peregrine.FunctionalTests.Architecture;

/// <summary>The arrows of docs/architecture.md: a project references these projects and no others.</summary>
public sealed class DependencyArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Peregrine.Contracts"] = [],
        ["Peregrine.Records"] = [],
        ["Peregrine.Hosting"] = ["Peregrine.Contracts"],
        ["Peregrine.Models"] = ["Peregrine.Records"],
        ["Peregrine.Packages"] = ["Peregrine.Contracts", "Peregrine.Models"],
        ["Peregrine.Serving"] = ["Peregrine.Packages", "Peregrine.Hosting"],
        ["Peregrine.Deploying"] = ["Peregrine.Packages", "Peregrine.Hosting"],
        ["Peregrine.Datasets"] = ["Peregrine.Contracts", "Peregrine.Records"],
        ["Peregrine.Training"] = ["Peregrine.Models", "Peregrine.Datasets"],
        ["Peregrine.Designing"] = ["Peregrine.Training", "Peregrine.Packages", "Peregrine.Hosting"],
        ["Peregrine.Web"] = ["Peregrine.Contracts", "Peregrine.Designing", "Peregrine.Deploying"],
        ["Peregrine"] =
        [
            "Peregrine.Contracts", "Peregrine.Serving", "Peregrine.Deploying",
            "Peregrine.Designing", "Peregrine.Web", "Peregrine.Hosting", "Peregrine.Samples.Payments",
        ],
        ["Peregrine.Samples.Payments"] = [],
    };

    /// <summary>What the API node must stay free of, directly or through any project it reaches.</summary>
    private static readonly string[] ForbiddenOnTheApiNode =
        ["Microsoft.EntityFrameworkCore", "Npgsql", "MudBlazor", "LightGBM", "MathNet.Numerics", "CsvHelper"];

    public static TheoryData<string> Projects() => [.. ProjectFiles().Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhatTheArrowsAllow(string project)
    {
        Allowed.ShouldContainKey(project, $"{project} is new: give it its place in docs/architecture.md and here");
        var excess = References(project, "ProjectReference").Except(Allowed[project]);
        excess.ShouldBeEmpty($"arrows that point the wrong way out of {project}");
    }

    [Fact]
    public void Serving_Reaches_NeitherTrainingNorARelationalStoreNorTheWebPage()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(["Peregrine.Serving"]);
        while (open.TryDequeue(out var project))
        {
            if (!reached.Add(project)) continue;
            foreach (var next in References(project, "ProjectReference")) open.Enqueue(next);
        }

        reached.ShouldNotContain("Peregrine.Training");
        reached.ShouldNotContain("Peregrine.Datasets");
        reached.ShouldNotContain("Peregrine.Web");
        var packages = reached.SelectMany(project => References(project, "PackageReference")).ToList();
        packages.Where(package => ForbiddenOnTheApiNode.Any(bad => package.StartsWith(bad, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(ProjectFiles()[project]).Descendants(kind)
            .Select(item => item.Attribute("Include")!.Value)
            .Select(include => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(include) : include);

    private static Dictionary<string, string> ProjectFiles() =>
        new[] { "src", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot(), folder), "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Peregrine.slnx is in no folder above the tests.");
    }
}
