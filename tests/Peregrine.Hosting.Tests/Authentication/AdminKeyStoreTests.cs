using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Peregrine.Hosting.Authentication;

namespace Peregrine.Hosting.Tests.Authentication;

public sealed class AdminKeyStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Add_TellsTheSecretOnce_AndStoresItsHashOnly()
    {
        using var store = Open();

        var added = await store.AddAsync("ci", "for the pipeline", "me", null, TestContext.Current.CancellationToken);

        store.Find(added.Secret).ShouldBe(added.Key);
        store.List().ShouldHaveSingleItem().ShouldBe(added.Key);
        File.ReadAllText(_folder.File("keys.json")).ShouldNotContain(added.Secret);
        File.ReadAllText(_folder.File("keys.json")).ShouldContain(ApiKeyHash.Of(added.Secret).ToString());
    }

    [Fact]
    public async Task Store_OpenedAgain_KnowsItsKeys()
    {
        NewAdminKey added;
        using (var store = Open()) added = await store.AddAsync("ci", null, null, _time.GetUtcNow().AddDays(1), TestContext.Current.CancellationToken);

        using var again = Open();

        again.Find(added.Secret).ShouldBe(added.Key);
    }

    [Fact]
    public async Task Key_AfterItsExpiry_IsUnknown()
    {
        using var store = Open();
        var added = await store.AddAsync("short", null, null, _time.GetUtcNow().AddHours(1), TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromMinutes(59));
        store.Find(added.Secret).ShouldNotBeNull();
        _time.Advance(TimeSpan.FromMinutes(1));

        store.Find(added.Secret).ShouldBeNull();
        store.List().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Delete_ByIdOrBySecret_EndsTheKeyAndSparesTheOthers()
    {
        using var store = Open();
        var first = await store.AddAsync("a", null, null, null, TestContext.Current.CancellationToken);
        var second = await store.AddAsync("b", null, null, null, TestContext.Current.CancellationToken);
        var third = await store.AddAsync("c", null, null, null, TestContext.Current.CancellationToken);

        (await store.DeleteByIdAsync(first.Key.Id, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await store.DeleteAsync(second.Secret, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await store.DeleteByIdAsync("no-such", TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await store.DeleteAsync("no-such", TestContext.Current.CancellationToken)).ShouldBeFalse();

        store.Find(first.Secret).ShouldBeNull();
        store.Find(second.Secret).ShouldBeNull();
        store.Find(third.Secret).ShouldNotBeNull();
    }

    [Fact]
    public async Task Preset_ReplacesTheEarlierPreset_AndNotTheOtherKeys()
    {
        using var store = Open();
        var added = await store.AddAsync("a", null, null, null, TestContext.Current.CancellationToken);

        await store.SetPresetAsync("first", "from outside", TestContext.Current.CancellationToken);
        await store.SetPresetAsync("second", "from outside", TestContext.Current.CancellationToken);
        await store.SetPresetAsync("second", "from outside", TestContext.Current.CancellationToken);

        store.Find("first").ShouldBeNull();
        store.Find("second").ShouldNotBeNull().Id.ShouldBe(AdminKeyStore.PresetId);
        store.Find(added.Secret).ShouldNotBeNull();
        store.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Add_FromManyAtOnce_LosesNone()
    {
        using var store = Open();

        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => store.AddAsync($"k{i}", null, null, null, TestContext.Current.CancellationToken)));

        using var again = Open();
        added.ShouldAllBe(key => again.Find(key.Secret) != null);
    }

    [Theory]
    [InlineData("{\"formatVersion\":2,\"keys\":[]}", "format 2")]
    [InlineData("{\"formatVersion\":1,\"keys\":[", "damaged")]
    [InlineData("{\"formatVersion\":1,\"keys\":[{\"id\":\"a\",\"hash\":\"xx\",\"label\":\"l\",\"createdOn\":\"2026-01-01T00:00:00Z\"}]}", "'a'")]
    public void Open_OfAFileItCannotTrust_SaysSoAndLeavesItAlone(string content, string told)
    {
        File.WriteAllText(_folder.File("keys.json"), content);

        Should.Throw<InvalidDataException>(() => Open().Dispose()).Message.ShouldContain(told);

        File.ReadAllText(_folder.File("keys.json")).ShouldBe(content);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task KeyFile_IsReadableByItsOwnerOnly()
    {
        using var store = Open();
        await store.AddAsync("a", null, null, null, TestContext.Current.CancellationToken);

        File.GetUnixFileMode(_folder.File("keys.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Dispose();

    private AdminKeyStore Open() => AdminKeyStore.Open(_folder.File("keys.json"), _time);
}
