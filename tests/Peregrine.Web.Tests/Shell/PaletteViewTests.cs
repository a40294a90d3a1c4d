using Peregrine.Web.Shell;

namespace Peregrine.Web.Tests.Shell;

public sealed class PaletteViewTests
{
    [Fact]
    public async Task Type_PartOfAName_PutsNamesThatStartWithItFirst()
    {
        var view = await OpenAsync(
            new("dataset", "card_payments", "/d/1", "database"), new("dataset", "payments", "/d/2", "database"), new("project", "FRAUD", "/p", "box"));
        view.Type("pay");
        view.Shown.Select(entry => entry.Name).ShouldBe(["payments", "card_payments"]);
    }

    [Fact]
    public async Task Type_TwoWords_WantsBoth()
    {
        var view = await OpenAsync(
            new("dataset", "payments", "/d/2", "database", "FRAUD"), new("dataset", "payments", "/d/3", "database", "OTHER"));
        view.Type("pay fraud");
        view.ChosenEntry!.Href.ShouldBe("/d/2");
        view.Shown.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Move_PastTheEnd_ComesRoundToTheFirst()
    {
        var view = await OpenAsync(new("a", "one", "/1", "box"), new("a", "two", "/2", "box"));
        view.Move(-1);
        view.ChosenEntry!.Name.ShouldBe("two");
        view.Move(1);
        view.ChosenEntry!.Name.ShouldBe("one");
    }

    [Fact]
    public async Task Move_WithNothingShown_ChoosesNothing()
    {
        var view = await OpenAsync();
        view.Move(1);
        view.ChosenEntry.ShouldBeNull();
    }

    private static async Task<PaletteView> OpenAsync(params PaletteEntry[] entries)
    {
        var view = new PaletteView([new Fixed(entries)]);
        await view.OpenAsync(TestContext.Current.CancellationToken);
        return view;
    }

    private sealed class Fixed(IReadOnlyList<PaletteEntry> entries) : IPaletteSource
    {
        public Task<IReadOnlyList<PaletteEntry>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(entries);
    }
}
