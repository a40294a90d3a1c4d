using Bunit;
using Peregrine.Designing.ApiServices.Lookups;
using Peregrine.Designing.Datasets;
using Peregrine.Packages.Kinds;
using Peregrine.Packages.Kinds.Lookup;
using Peregrine.Web.ApiDesigner;
using Peregrine.Web.Components;

namespace Peregrine.Web.Tests.ApiDesigner;

public sealed class EndpointDialogTests : BunitContext
{
    private (string Id, LookupChoice Choice)? _added;

    public EndpointDialogTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Lookup_OfADataset_IsAddedAsChosen()
    {
        var dialog = Draw(fault: null);
        dialog.Find("#e-id").Input("merchant");
        Add(dialog).HasAttribute("disabled").ShouldBeTrue("a key must be chosen first");
        Check(dialog, "Key", "id", true);
        dialog.FindAll("fieldset")[1].QuerySelectorAll(".mono").Select(column => column.TextContent).ShouldBe(["risk", "secret"]);
        Check(dialog, "Answered", "secret", false);
        dialog.Find("#e-several").Change("First");
        dialog.FindAll("input[type=checkbox]")[^1].Change(true);
        dialog.Find("#e-ttl").Change("30");
        dialog.Markup.ShouldContain("--lookup merchants");
        dialog.Markup.ShouldContain("--column risk");
        dialog.Markup.ShouldContain("--cache 30");
        Add(dialog).Click();
        _added!.Value.Id.ShouldBe("merchant");
        var choice = _added.Value.Choice;
        (choice.Dataset, choice.NoMatch, choice.SeveralMatches).ShouldBe(("merchants", NoMatchPolicy.Ignore, SeveralMatchesPolicy.First));
        choice.Keys.ShouldBe(["id"]);
        choice.Columns.ShouldBe(["risk"]);
        choice.Cache.ShouldBe(new CacheSettings { TtlSeconds = 30 });
    }

    [Fact]
    public void Lookup_ThatIsRefused_StaysAndSaysWhy()
    {
        var dialog = Draw(new Fault(400, "It cannot be.", "Try another."));
        Check(dialog, "Key", "id", true);
        Add(dialog).Click();
        dialog.Markup.ShouldContain("It cannot be.");
    }

    private IRenderedComponent<EndpointDialog> Draw(Fault? fault) => Render<EndpointDialog>(parameters => parameters
        .Add(dialog => dialog.Open, true).Add(dialog => dialog.Project, "P").Add(dialog => dialog.Service, "refs").Add(dialog => dialog.Models, [])
        .Add(dialog => dialog.Datasets, [Dataset()]).Add(dialog => dialog.AddPrediction, (_, _) => throw new InvalidOperationException("No model was chosen."))
        .Add(dialog => dialog.AddLookup, (id, choice) =>
        {
            _added = (id, choice);
            return Task.FromResult(fault);
        }));

    private static AngleSharp.Dom.IElement Add(IRenderedComponent<EndpointDialog> dialog) => dialog.FindAll("button").Single(button => button.TextContent == "Add");

    private static void Check(IRenderedComponent<EndpointDialog> dialog, string legend, string column, bool isIn)
    {
        var list = dialog.FindAll("fieldset").Single(one => one.QuerySelector("legend")!.TextContent.StartsWith(legend, StringComparison.Ordinal));
        list.QuerySelectorAll("label").Single(label => label.QuerySelector(".mono")!.TextContent == column).QuerySelector("input")!.Change(isIn);
    }

    private static DatasetSummary Dataset() => new()
    {
        ProjectKey = "P", Name = "merchants", Type = "UploadedFiles", Tags = [], Files = 1, Bytes = 10, RowCount = 3, CreatedOn = default, ChangedOn = default, ChangedBy = "me",
        Columns = [new DatasetColumn("id", "string"), new DatasetColumn("risk", "double"), new DatasetColumn("secret", "string")],
    };
}
