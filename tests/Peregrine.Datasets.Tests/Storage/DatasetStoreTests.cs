using Peregrine.Datasets.Storage;
using Peregrine.Datasets.Tests.Csv;

namespace Peregrine.Datasets.Tests.Storage;

public sealed class DatasetStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("peregrine-datasets-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Replace_File_IsReadByAnotherStoreOnTheSameFolder()
    {
        var stored = await Store().ReplaceAsync("FRAUD.payments", "/tmp/some/pay.csv", Csv("a,b\n1,NA\n2,3\n"));

        var again = Store();
        Json(again.Find("FRAUD.payments")).ShouldBe(Json(stored));
        stored.Files.Single().Name.ShouldBe("pay.csv");
        stored.Columns[1].MissingTokens.ShouldBe(["NA"]);
        (await again.LoadAsync("FRAUD.payments")).Texts("a").ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Replace_BadFileOrCutUpload_HarmsNothingStored()
    {
        var store = Store();
        var before = await store.ReplaceAsync("d", "good.csv", Csv("a,b\n1,2\n"));

        (await Should.ThrowAsync<DatasetException>(() => store.ReplaceAsync("d", "bad.csv", Csv("a,b\n1\n")))).Code.ShouldBe(DatasetErrorCode.RaggedRow);
        await Should.ThrowAsync<IOException>(() => store.ReplaceAsync("d", "cut.csv", new CutStream()));
        await Should.ThrowAsync<DatasetException>(() => store.ReplaceAsync("new", "bad.csv", Csv("")));

        Json(store.Find("d")).ShouldBe(Json(before));
        (await Store().LoadAsync("d")).Texts("b").ShouldBe(["2"]);
        Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories).Count().ShouldBe(2); // the file and its schema
        Directory.Exists(Path.Combine(_root, "new")).ShouldBeFalse();
    }

    [Fact]
    public async Task Replace_SecondFile_TakesTheFirstOnesPlace()
    {
        var store = Store();
        await store.ReplaceAsync("d", "one.csv", Csv("a,b\n1,2\n"));
        await store.LoadAsync("d");

        await store.ReplaceAsync("d", "two.csv", Csv("c,d\n5,6\n"));

        (await store.LoadAsync("d")).Texts("c").ShouldBe(["5"]);
        Directory.EnumerateFiles(Path.Combine(_root, "d", "files")).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Add_SecondFile_StandsBehindTheFirst()
    {
        var store = Store();
        await store.ReplaceAsync("d", "one.csv", Csv("a,b\n1,2\n"));

        var stored = await store.AddAsync("d", "two.csv", Csv("a,b\n5,6\n"));

        stored.Rows.ShouldBe(2);
        (await Store().LoadAsync("d")).Texts("b").ShouldBe(["2", "6"]);
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("..")]
    [InlineData("a/b\\c:d é")]
    public async Task Replace_AnyId_StaysInsideTheRoot(string id)
    {
        await Store().ReplaceAsync(id, "f.csv", Csv("a,b\n1,2\n"));

        Directory.GetParent(Directory.EnumerateFiles(_root, "schema.json", SearchOption.AllDirectories).Single())!.Parent!.FullName.ShouldBe(_root);
        (await Store().LoadAsync(id)).Rows.ShouldBe(1);
    }

    [Fact]
    public async Task Replace_OverTheUploadLimit_IsRefused()
    {
        var store = new DatasetStore(new DatasetStoreOptions { Root = _root, MaxUploadBytes = 10 }, TimeProvider.System);

        (await Should.ThrowAsync<DatasetException>(() => store.ReplaceAsync("d", "f.csv", Csv("a,b\n1,2\n3,4\n")))).Code.ShouldBe(DatasetErrorCode.TooLarge);
    }

    [Fact]
    public async Task Delete_Dataset_IsGone()
    {
        var store = Store();
        await store.ReplaceAsync("d", "f.csv", Csv("a,b\n1,2\n"));

        (await store.DeleteAsync("d")).ShouldBeTrue();

        (await store.DeleteAsync("d")).ShouldBeFalse();
        (await Should.ThrowAsync<DatasetException>(() => store.LoadAsync("d"))).Code.ShouldBe(DatasetErrorCode.NoData);
    }

    [Fact]
    public async Task Find_BrokenSchema_SaysWhatToDo()
    {
        var store = Store();
        await store.ReplaceAsync("d", "f.csv", Csv("a,b\n1,2\n"));
        await File.WriteAllTextAsync(Path.Combine(_root, "d", "schema.json"), "{ torn", TestContext.Current.CancellationToken);

        Should.Throw<DatasetException>(() => store.Find("d")).Code.ShouldBe(DatasetErrorCode.BrokenStore);
    }

    private DatasetStore Store() => new(new DatasetStoreOptions { Root = _root }, TimeProvider.System);

    private static string Json(StoredDataset? stored) => System.Text.Json.JsonSerializer.Serialize(stored);

    private static MemoryStream Csv(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private sealed class CutStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The client went away.");
    }
}
