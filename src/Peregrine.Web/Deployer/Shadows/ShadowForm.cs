using Peregrine.Contracts.ApiNode;
using Peregrine.Contracts.Deployer;
using Peregrine.Web.Text;

namespace Peregrine.Web.Deployer.Shadows;

/// <summary>Which versions shall get copies of requests.</summary>
public sealed class ShadowForm
{
    public List<ShadowRow> Rows { get; } = [];

    /// <summary>Those that are wanted; when there are none, a first one that does not answer yet.</summary>
    /// <param name="versions">Newest first.</param>
    public static ShadowForm Of(DeploymentSettings settings, IReadOnlyList<PublishedVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var form = new ShadowForm();
        foreach (var shadow in settings.WantedShadows ?? [])
            form.Rows.Add(new ShadowRow { Generation = shadow.Generation, Percent = Math.Clamp((int)Math.Round(shadow.Share * 100), 1, 100) });
        if (form.Rows.Count == 0) form.Add(settings, versions);
        return form;
    }

    /// <summary>One more, of the newest version that neither answers nor is a shadow.</summary>
    public void Add(DeploymentSettings settings, IReadOnlyList<PublishedVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(versions);
        var free = versions.Where(version => Rows.TrueForAll(row => row.Generation != version.Id)).ToList();
        var next = free.Find(version => settings.GenerationsMapping.Shares.All(share => share.Generation != version.Id)) ?? free.FirstOrDefault();
        Rows.Add(new ShadowRow { Generation = next?.Id ?? "" });
    }

    public IReadOnlyList<ShadowShare> Shadows => [.. Rows.Select(row => new ShadowShare { Generation = row.Generation, Share = row.Percent / 100d })];

    /// <summary>What pressing the button will do, before it is pressed.</summary>
    /// <param name="mapping">Which versions answer: none of them gets copies of what it answered itself.</param>
    public string Says(GenerationsMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        if (Rows.Count == 0) return "No version gets copies of requests any more.";
        if (mapping.Shares is [var only] && Rows.Find(row => row.Generation == only.Generation) is not null) return $"{only.Generation} answers itself: it would get no copies. Choose another version.";
        return $"{string.Join(" and ", Rows.Select(row => $"{row.Generation} gets copies of {Figures.Share(row.Percent / 100d)} of the requests"))}, once they were answered. Callers notice nothing.";
    }
}
